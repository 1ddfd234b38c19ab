/**
 * The demo merchant, made through the public API as a client would, so that the demo's path is the real path.
 * Run again it changes nothing: what is there already is found by its log-in.
 */

export const DEMO_MERCHANT = {
  name: 'Asha Traders',
  country: 'IN',
  timezone: 'Asia/Kolkata',
  currency: 'INR',
  admin: { email: 'asha@asha-traders.example', password: 'demo-password-please', name: 'Asha Rao' },
};

export const DEMO_NUMBER = {
  wabaId: '100000000000001',
  phoneNumberId: '200000000000001',
  accessToken: 'mock_asha_traders',
};

/** Whom the demo merchant keeps books on; the story adds them. */
export const DEMO_CUSTOMER = { name: 'Ravi Kumar', phone: '919876543210' };

/** @param api base URL of a running NoDue; @param platformKey PLATFORM_KEY of it */
export async function seedDemoMerchant(api: string, platformKey: string): Promise<void> {
  const registered = await post(`${api}/v1/tenants`, DEMO_MERCHANT, platformKey);
  if (registered.status !== 201 && registered.status !== 409)
    throw new Error(`The demo merchant was refused: ${registered.status} ${registered.text}`);
  const connected = await post(`${api}/v1/whatsapp/connect`, DEMO_NUMBER, await logInDemoMerchant(api));
  if (connected.status >= 300) throw new Error(`The demo number was refused: ${connected.status} ${connected.text}`);
}

/** @returns an access token of the merchant's admin */
export async function logInDemoMerchant(api: string): Promise<string> {
  const { email, password } = DEMO_MERCHANT.admin;
  const login = await post(`${api}/v1/auth/login`, { email, password });
  if (login.status >= 300) throw new Error(`The demo log-in was refused: ${login.status} ${login.text}`);
  return (JSON.parse(login.text) as { accessToken: string }).accessToken;
}

async function post(url: string, body: unknown, bearer?: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  return { status: response.status, text: await response.text() };
}

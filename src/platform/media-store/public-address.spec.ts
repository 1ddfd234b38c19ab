import { isPublicAddress, isPublicLink } from './public-address.js';

describe('An address is public (F58)', () => {
  it.each(['8.8.8.8', '1.1.1.1', '157.240.1.1', '2a03:2880:f10c::1', '2606:4700:4700::1111'])('%s', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe('An address is not public (F58)', () => {
  it.each([
    ...['127.0.0.1', '127.255.0.9', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '192.0.0.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::808:808'],
    ...[
      '64:ff9b:1::1',
      '2002:7f00:1::',
      '2001::1',
      '2001:db8::1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd00::1',
      'ff02::1',
    ],
    ...['', 'localhost', '0x7f.1', '127.1', '2130706433'],
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('A link that the provider is asked to open is public (F58, S1.43)', () => {
  it.each([
    'https://shop.example/a.jpg',
    'http://cdn.shop.example:8080/a',
    'https://8.8.8.8/a',
    'https://[2606:4700::1]/a',
  ])('%s', (link) => expect(isPublicLink(new URL(link))).toBe(true));
  it.each([
    ...['http://127.0.0.1/a', 'http://0x7f.1/a', 'http://2130706433/a', 'http://017700000001/a', 'http://127.1/a'],
    ...['http://169.254.169.254/latest', 'https://10.1.2.3/a', 'https://[::1]/a', 'https://[::ffff:10.0.0.1]/a'],
    ...[
      'http://localhost/a',
      'http://LOCALHOST./a',
      'http://api.localhost/a',
      'http://redis:6379/',
      'https://nas.local/a',
    ],
    ...['http://metadata.google.internal/', 'https://me:pw@shop.example/a', 'https://me@shop.example/a'],
    ...['ftp://shop.example/a', 'file:///etc/passwd', 'gopher://shop.example/', 'data:text/plain,a'],
  ])('but for %s', (link) => expect(isPublicLink(new URL(link))).toBe(false));
});

/** Messages a second of a number's node: 80, 1,000 when Meta raised it, 20 when the number is in the WhatsApp Business app as well (F5). */
export function throughputOf(number: Readonly<Record<string, unknown>>): number {
  if (number['is_on_biz_app'] === true) return 20;
  const { throughput } = number;
  const level = typeof throughput === 'object' && throughput !== null && 'level' in throughput ? throughput.level : '';
  return level === 'HIGH' ? 1000 : 80;
}

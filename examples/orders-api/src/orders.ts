export interface OrderLine {
  readonly sku: string;
  readonly count: number;
  readonly cents: number;
}

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly lines: readonly OrderLine[];
  readonly total: number;
}

export type NewOrder = Pick<Order, 'customer' | 'lines'>;

const totalOf = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, { count, cents }) => sum + count * cents, 0);

/** Orders in memory, the oldest leaving when there are too many: a server under load must not grow for ever. */
export function createOrderBook(capacity: number) {
  const orders = new Map<number, Order>();
  let lastId = 0;
  const add = ({ customer, lines }: NewOrder): Order => {
    const order: Order = { id: ++lastId, customer, lines, total: totalOf(lines) };
    orders.set(order.id, order);
    if (orders.size > capacity) orders.delete(orders.keys().next().value!);
    return order;
  };
  const newest = (limit: number): Order[] => [...orders.values()].slice(-limit).reverse();
  return { add, newest, find: (id: number) => orders.get(id) };
}

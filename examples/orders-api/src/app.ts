import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { createOrderBook, type NewOrder } from './orders.ts';

const line = {
  type: 'object',
  required: ['sku', 'count', 'cents'],
  properties: {
    sku: { type: 'string', pattern: '^[a-z0-9-]{3,40}$' },
    count: { type: 'integer', minimum: 1, maximum: 1000 },
    cents: { type: 'integer', minimum: 0 },
  },
} as const;
const newOrder = {
  type: 'object',
  required: ['customer', 'lines'],
  properties: {
    customer: { type: 'string', minLength: 1, maxLength: 100 },
    lines: { type: 'array', minItems: 1, maxItems: 100, items: line },
  },
} as const;
const order = {
  type: 'object',
  properties: { id: { type: 'integer' }, ...newOrder.properties, total: { type: 'integer' } },
} as const;

/** How long the report waits for its imaginary warehouse. */
const warehouseMs = 40;

/** The API: one route that reads, one that validates, one that serialises much, and one that is slow on purpose. */
export function createApp(): FastifyInstance {
  const app = Fastify();
  const book = createOrderBook(10_000);
  for (let i = 0; i < 500; i++) {
    const lines = Array.from({ length: (i % 7) + 1 }, (_, n) => ({ sku: `sku-${n}`, count: n + 1, cents: 199 }));
    book.add({ customer: `customer ${i}`, lines });
  }

  app.get('/health', () => ({ ok: true }));

  app.get<{ Params: { id: number } }>(
    '/orders/:id',
    { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } }, response: { 200: order } } },
    async ({ params }, reply) => book.find(params.id) ?? (await reply.code(404).send({ error: 'no such order' })),
  );

  app.post<{ Body: NewOrder }>('/orders', { schema: { body: newOrder, response: { 201: order } } }, (request, reply) =>
    reply.code(201).send(book.add(request.body)),
  );

  app.get('/orders', { schema: { response: { 200: { type: 'array', items: order } } } }, () => book.newest(100));

  app.get('/report', async () => {
    await sleep(warehouseMs);
    const totals = book.newest(100).map(({ total }) => total);
    return { orders: totals.length, cents: totals.reduce((sum, total) => sum + total, 0) };
  });

  return app;
}

import { createServer } from 'node:http';

/** Sessions by their token, of which the newest thousand are kept. */
const most = 1000;
const sessions = new Map();

/** What a model needs in memory; one at a time, and the one before must go. */
let model = { name: 'none', weights: new Float32Array(0) };

const routes = {
  '/open': () => {
    const token = `${Math.random()}`;
    sessions.set(token, { token, prices: new Array(16).fill(0) });
    if (sessions.size > most) sessions.delete(sessions.keys().next().value);
    return { token };
  },
  '/switch': () => {
    const name = model.name === 'small' ? 'large' : 'small';
    model = { name, weights: new Float32Array(name === 'small' ? 10_000 : 40_000) };
    return { name };
  },
};

const server = createServer((request, response) => {
  const route = routes[request.url];
  response.statusCode = route ? 200 : 404;
  response.end(JSON.stringify(route?.() ?? {}));
});
server.listen(Number(process.env.PORT), '127.0.0.1');

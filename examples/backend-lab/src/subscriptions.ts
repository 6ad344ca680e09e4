import type { Server, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Topics } from './topics.ts';

/** Server-sent events of a topic: first `ready`, then every message as one event, until the client goes. */
export function serveEvents(response: ServerResponse, query: URLSearchParams, topics: Topics): undefined {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const unsubscribe = topics.subscribe(query.get('topic') ?? '', (message) => {
    response.write(`data: ${message.replaceAll('\n', '\ndata: ')}\n\n`);
  });
  response.once('close', unsubscribe);
  response.write('event: ready\ndata:\n\n');
}

/** The same over WebSocket at `/socket`: every text that a client sends is published to its topic. */
export function serveSockets(server: Server, topics: Topics): WebSocketServer {
  const sockets = new WebSocketServer({ server, path: '/socket', perMessageDeflate: false, maxPayload: 1_000_000 });
  sockets.on('connection', (socket, request) => {
    const topic = new URL(request.url ?? '/', 'http://lab').searchParams.get('topic') ?? '';
    const unsubscribe = topics.subscribe(topic, (message) => socket.send(message));
    socket.on('message', (data) => topics.publish(topic, (data as Buffer).toString()));
    socket.on('error', () => socket.terminate());
    socket.once('close', unsubscribe);
    socket.send('ready');
  });
  return sockets;
}

import type { Database } from './database.ts';
import { BadRequest, NotFound } from './http-error.ts';

export const statuses = ['pending', 'in_progress', 'done'] as const;
export type Status = (typeof statuses)[number];

export interface Task {
  readonly id: number;
  readonly title: string;
  readonly status: Status;
  readonly priority: number;
}

interface Row extends Omit<Task, 'id'> {
  readonly id: string;
}

const columns = 'id, title, status, priority';
const taskOf = ({ id, title, status, priority }: Row): Task => ({ id: Number(id), title, status, priority });

export function checkedStatus(value: unknown): Status {
  const status = statuses.find((one) => one === value);
  if (status !== undefined) return status;
  throw new BadRequest(`the status is ${JSON.stringify(value)}, expected ${statuses.join(', ')}`);
}

function only(rows: readonly Row[], id: number): Task {
  if (rows[0] === undefined) throw new NotFound(`there is no task ${id}`);
  return taskOf(rows[0]);
}

/** The tasks in the database. @throws NotFound for an id that is none. */
export function createTasks({ query }: Database) {
  return {
    async find(id: number): Promise<Task> {
      return only(await query<Row>('find-task', `select ${columns} from tasks where id = $1`, [id]), id);
    },
    /** The most urgent one that waits, the oldest of those. */
    async next(): Promise<Task> {
      const rows = await query<Row>(
        'next-task',
        `select ${columns} from tasks where status = $1 order by priority, id limit 1`,
        ['pending'],
      );
      if (rows[0] === undefined) throw new NotFound('no task is pending');
      return taskOf(rows[0]);
    },
    async list(status: Status, limit: number): Promise<Task[]> {
      const text = `select ${columns} from tasks where status = $1 order by priority, id limit $2`;
      return (await query<Row>('list-tasks', text, [status, limit])).map(taskOf);
    },
    async create(title: string, priority: number): Promise<Task> {
      const text = `insert into tasks (title, priority) values ($1, $2) returning ${columns}`;
      return taskOf((await query<Row>('create-task', text, [title, priority]))[0]!);
    },
    async setStatus(id: number, status: Status): Promise<Task> {
      const text = `update tasks set status = $2, updated_at = now() where id = $1 returning ${columns}`;
      return only(await query<Row>('set-status', text, [id, status]), id);
    },
    async remove(id: number): Promise<Task> {
      return only(await query<Row>('remove-task', `delete from tasks where id = $1 returning ${columns}`, [id]), id);
    },
  };
}

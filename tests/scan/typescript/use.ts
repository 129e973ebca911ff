import { API } from './api';
import { get, del } from './request';

export const find = (q: string) => get(API.search, { q });

export async function remove(id: number): Promise<void> {
  await del(API.user(id));
}

import { request } from './request';

export const API = {
  users: '/users',
  user: (id: number) => `/users/${id}`,
  search: '/search',
} as const;

export class ShopApi {
  private readonly orders = '/orders';

  constructor(private http: HttpClient) {}

  list(page: number): Promise<User[]> {
    return request(API.users, { method: 'GET', params: { page } });
  }

  order(item: string, count: number) {
    return this.http.post<Order>(this.orders, { item, count });
  }

  cancel(id: number) {
    return this.http.post(`${this.orders}/${id}/cancel`, null);
  }

  change(id: number, fields: Partial<Order>) {
    const options = { url: this.orders + '/' + id, method: 'PATCH', data: fields };
    return request(options);
  }
}

"""A client of the shop; GET /health is only spoken of."""

import aiohttp
import httpx
import requests

from .paths import ORDERS

BASE = "https://shop.example/api/v2"


class Shop:
    def __init__(self, session=None):
        self.session = session or requests.Session()

    def users(self, page):
        return self.session.get(f"{BASE}/users", params={"page": page}).json()

    def add_user(self, name):
        # The address is not asked for yet.
        return requests.post(BASE + "/users", json={"name": name})

    def user(self, user_id):
        url = "%s/users/%s" % (BASE, user_id)
        response = requests.request("GET", url)
        return response.json()

    def remove_user(self, user_id):
        return self._send("DELETE", "/users/{}".format(user_id))

    def orders_of(self, user_id):
        path = "/users/" + str(user_id)
        path += "/orders"
        return self._read(path)

    def _send(self, method, path, **more):
        return self.session.request(method, BASE + path, **more)

    def _read(self, path):
        return self.session.get(BASE + path)


async def order(item, count):
    async with aiohttp.ClientSession() as session:
        body = {"item": item}
        body["count"] = count
        async with session.post(ORDERS, json=body) as response:
            return await response.json()


async def change_order(order_id, **fields):
    async with httpx.AsyncClient(base_url=BASE) as client:
        return await client.patch("/".join([ORDERS, str(order_id)]), json=fields)


def settings(table):
    return table.get("search")

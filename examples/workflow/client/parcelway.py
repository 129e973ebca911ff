"""A client of the Parcelway API: what our warehouse needs of it so far."""

import requests

API = "https://api.parcelway.example/v2"


class Parcelway:
    def __init__(self, email, password):
        self.session = requests.Session()
        token = self.session.post(f"{API}/login", json={"email": email, "password": password})
        self.session.headers["Authorization"] = "Bearer " + token.json()["token"]

    def shipments(self, state, page=1):
        """Shipments in a state, a page at a time."""
        return self.session.get(f"{API}/shipments", params={"state": state, "page": page}).json()

    def shipment(self, shipment_id):
        return self.session.get(f"{API}/shipments/{shipment_id}").json()

    def create(self, service, weight_g, to):
        order = {"service": service, "weight_g": weight_g, "to": to}
        return self.session.post(f"{API}/shipments", json=order).json()

    def quote(self, shipment_id):
        return self.session.get(f"{API}/shipments/{shipment_id}/quote").json()

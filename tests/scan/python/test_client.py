def test_order(client):
    assert client.get("/orders/7").status == 200

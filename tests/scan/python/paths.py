ORDERS = "https://shop.example/api/v2/orders"

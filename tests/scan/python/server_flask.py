from flask import Blueprint, Flask, request

app = Flask(__name__)
orders = Blueprint("orders", __name__, url_prefix="/orders")


@app.route("/search")
def search():
    return request.args["q"]


@orders.route("/<int:order_id>/cancel", methods=["POST"])
def cancel(order_id):
    return str(order_id)

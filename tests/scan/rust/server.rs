pub fn router() -> Router {
    let orders = Router::new().route("/{id}", get(order).patch(change));
    Router::new()
        .nest("/orders", orders)
        .nest("/users", Router::new().route("/{id}", put(replace)))
        .route("/search", get(search))
}

#[get("/users/{id}/orders")]
async fn orders(id: Path<u64>) -> impl Responder {}

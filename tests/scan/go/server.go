package shop

func routes(r *gin.Engine) {
	api := r.Group("/api/v2")
	api.GET("/search", search)
	orders := api.Group("/orders")
	orders.PATCH("/:id", change)
	orders.POST("/:id/cancel", cancel)
	http.HandleFunc("/health", health)
}

from django.urls import path

urlpatterns = [
    path("orders/<int:order_id>/", views.order),
]

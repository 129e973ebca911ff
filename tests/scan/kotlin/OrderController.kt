package shop

@RestController
@RequestMapping("/orders")
class OrderController {
    @PostMapping("/{id}/cancel")
    fun cancel(@PathVariable id: Long) {
    }
}

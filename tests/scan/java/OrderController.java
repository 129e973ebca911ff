package shop;

@RestController
@RequestMapping("/orders")
class OrderController {
  @GetMapping("/{id}")
  Order one(@PathVariable long id) { return null; }

  @RequestMapping(value = "/{id}/cancel", method = RequestMethod.POST)
  void cancel(@PathVariable long id) {}
}

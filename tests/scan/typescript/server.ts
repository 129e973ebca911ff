@Controller('users')
export class UsersController {
  @Get(':id')
  one(@Param('id') id: string) {}

  @Get(':id/orders')
  orders(@Param('id') id: string) {}

  @Post()
  add(@Body() user: User) {}
}

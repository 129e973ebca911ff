from fastapi import APIRouter

router = APIRouter(prefix="/users")


@router.put("/{user_id}")
async def replace_user(user_id: int):
    return user_id

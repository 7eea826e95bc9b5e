"""The page id is read out of what people paste."""

import pytest

from pages import page_ids

ID = "322837607840703"


@pytest.mark.parametrize(
    "pasted",
    [
        ID,
        f"  {ID}\n",
        f"http://m.me/{ID}",
        f"https://m.me/{ID}?ref=spring",
        f"m.me/{ID}/",
        f"M.ME/{ID}",
        f"https://www.messenger.com/t/{ID}",
        f"https://www.facebook.com/messages/t/{ID}",
        f"https://www.facebook.com/Peters-Apparel-{ID}/",
        f"https://www.facebook.com/Shop-2020-{ID}?locale=fr_FR",
        f"https://fr-fr.facebook.com/Boutique-Été-{ID}/",
        f"facebook.com/{ID}",
        f"https://www.facebook.com/pages/Peters-Apparel/{ID}",
        f"https://www.facebook.com/profile.php?id={ID}&sk=about",
        f'"pageID":"{ID}"',
        f'"pageID": "{ID}",',
        f"pageID={ID}",
    ],
)
def test_the_id_is_found_in(pasted: str) -> None:
    assert page_ids.find(pasted) == ID


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "peters.apparel",
        "1234",
        "1" * 33,
        "m.me/petersapparel",
        f"https://example.com/{ID}",
        f"https://facebook.com.example.com/{ID}",
        f"https://notfacebook.com/{ID}",
        f"https://m.me.example.com/{ID}",
        f"{ID} {ID}",
        f"https://www.facebook.com/groups/{ID}",
    ],
)
def test_anything_else_comes_back_as_it_is(pasted: str) -> None:
    assert page_ids.find(pasted) == pasted

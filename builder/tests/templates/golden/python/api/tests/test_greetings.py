import unittest

from greetings import Invalid, greeting, greetings


class TestGreetings(unittest.TestCase):
    def test_greets(self) -> None:
        self.assertEqual(greeting("Ada"), "Hello, Ada!")
        self.assertEqual(greetings({"name": "Ada", "times": 2}), ["Hello, Ada!"] * 2)

    def test_refuses_what_is_wrong(self) -> None:
        for wish in (
            None,
            [],
            {},
            {"name": "", "times": 1},
            {"name": "Ada", "times": 0},
            {"name": "Ada", "times": 11},
            {"name": "Ada", "times": True},
        ):
            with self.subTest(wish=wish), self.assertRaises(Invalid):
                greetings(wish)

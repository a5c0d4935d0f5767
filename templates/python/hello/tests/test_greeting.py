import unittest

from greeting import greeting


class TestGreeting(unittest.TestCase):
    def test_the_greeting_names_the_path(self) -> None:
        self.assertEqual(greeting("/there"), "Hello from Python! You asked for /there\n")

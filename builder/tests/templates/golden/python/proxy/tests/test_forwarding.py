import unittest

from forwarding import passed_on, target


class TestForwarding(unittest.TestCase):
    def test_path_and_query_are_kept(self) -> None:
        self.assertEqual(target("http://there:9000/", "/a%20b?c=d"), "http://there:9000/a%20b?c=d")

    def test_headers_of_the_connection_are_left_out(self) -> None:
        fields = [(b"Host", b"here"), (b"x-kind", b"one"), (b"x-kind", b"two")]
        self.assertEqual(passed_on(fields), fields[1:])

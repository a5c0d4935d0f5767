package isospin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client sends requests as http.Client does, without bringing in the TLS code
// that http.Client refers to: the host does TLS. The zero value is ready.
type Client struct {
	// Timeout is the time for a whole exchange, until the body has been read;
	// 0 for none.
	Timeout time.Duration
	// CheckRedirect is asked before a redirect is followed, as in http.Client:
	// http.ErrUseLastResponse returns the redirect itself. If it is nil, ten
	// redirects are followed.
	CheckRedirect func(request *http.Request, via []*http.Request) error
	// Transport is used instead of the host if it is not nil.
	Transport http.RoundTripper
}

// DefaultClient is used by [Get] and [Post].
var DefaultClient = &Client{}

// Get asks for a URL.
func Get(url string) (*http.Response, error) { return DefaultClient.Get(url) }

// Post sends a body to a URL.
func Post(url, contentType string, body io.Reader) (*http.Response, error) {
	return DefaultClient.Post(url, contentType, body)
}

// Get asks for a URL.
func (c *Client) Get(url string) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(request)
}

// Head asks for the head of a URL.
func (c *Client) Head(url string) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodHead, url, nil)
	if err != nil {
		return nil, err
	}
	return c.Do(request)
}

// Post sends a body to a URL.
func (c *Client) Post(url, contentType string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequest(http.MethodPost, url, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", contentType)
	return c.Do(request)
}

// PostForm sends the values as a form.
func (c *Client) PostForm(url string, data url.Values) (*http.Response, error) {
	return c.Post(url, "application/x-www-form-urlencoded", strings.NewReader(data.Encode()))
}

// Do sends a request and follows redirects. The body of the response must be
// closed.
func (c *Client) Do(request *http.Request) (*http.Response, error) {
	cancel := func() {}
	if c.Timeout > 0 {
		var ctx context.Context
		ctx, cancel = context.WithTimeout(request.Context(), c.Timeout)
		request = request.WithContext(ctx)
	}
	response, err := c.follow(request)
	if err != nil {
		cancel()
		return nil, &url.Error{Op: request.Method, URL: request.URL.Redacted(), Err: err}
	}
	response.Body = &cancellingBody{response.Body, cancel}
	return response, nil
}

func (c *Client) follow(request *http.Request) (*http.Response, error) {
	var transport http.RoundTripper = Transport{}
	if c.Transport != nil {
		transport = c.Transport
	}
	var via []*http.Request
	for {
		response, err := transport.RoundTrip(request)
		if err != nil {
			return nil, err
		}
		next, err := redirected(request, response)
		if next == nil || err != nil {
			return response, err
		}
		via = append(via, request)
		if err := c.checkRedirect(next, via); err != nil {
			if errors.Is(err, http.ErrUseLastResponse) {
				return response, nil
			}
			_ = response.Body.Close() // the redirect is what failed
			return nil, err
		}
		_ = response.Body.Close() // nobody wants the body of a redirect
		request = next
	}
}

func (c *Client) checkRedirect(next *http.Request, via []*http.Request) error {
	if c.CheckRedirect != nil {
		return c.CheckRedirect(next, via)
	}
	if len(via) > 10 {
		return errors.New("stopped after 10 redirects")
	}
	return nil
}

// redirected is the request that a response asks for; nil if it asks for none,
// or if the body cannot be sent again.
func redirected(request *http.Request, response *http.Response) (*http.Request, error) {
	again := false
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		again = true
	default:
		return nil, nil
	}
	location := response.Header.Get("Location")
	if location == "" {
		return nil, nil
	}
	target, err := request.URL.Parse(location)
	if err != nil {
		return nil, fmt.Errorf("the redirect to %q: %w", location, err)
	}
	next := request.Clone(request.Context())
	next.URL, next.Host = target, ""
	if request.URL.Host != target.Host {
		next.Header.Del("Authorization")
		next.Header.Del("Cookie")
	}
	switch {
	case !again:
		if request.Method != http.MethodHead {
			next.Method = http.MethodGet
		}
		next.Body, next.GetBody, next.ContentLength = nil, nil, 0
		next.Header.Del("Content-Type")
		next.Header.Del("Content-Length")
	case request.Body == nil || request.Body == http.NoBody:
	case request.GetBody == nil:
		return nil, nil
	default:
		if next.Body, err = request.GetBody(); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// cancellingBody ends the exchange's context when it is closed.
type cancellingBody struct {
	io.ReadCloser
	cancel func()
}

func (b *cancellingBody) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

using System.Net;
using Microsoft.AspNetCore.Http;
using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Http;

public sealed class RateLimiterTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void A_bucket_holds_the_requests_of_one_second_and_refills_steadily()
    {
        var limiter = new RateLimiter(clock);

        Take(limiter, 4).ShouldBe([true, true, true, true]);
        limiter.Take("a", 4).IsAllowed.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(250));
        limiter.Take("a", 4).IsAllowed.ShouldBeTrue();
        limiter.Take("a", 4).IsAllowed.ShouldBeFalse();
        clock.Advance(TimeSpan.FromHours(1));
        Take(limiter, 5).ShouldBe([true, true, true, true, false]);
    }

    [Fact]
    public async Task Sixteen_concurrent_callers_get_no_more_than_the_limit()
    {
        var limiter = new RateLimiter(clock);

        var decisions = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 100).Count(_ => limiter.Take("a", 50).IsAllowed))));

        decisions.Sum().ShouldBe(50);
    }

    [Fact]
    public void A_refused_request_takes_nothing_from_the_bucket()
    {
        var limiter = new RateLimiter(clock);
        limiter.Take("a", 1);
        for (var i = 0; i < 1000; i++)
        {
            limiter.Take("a", 1).IsAllowed.ShouldBeFalse();
        }

        clock.Advance(TimeSpan.FromSeconds(1));

        limiter.Take("a", 1).IsAllowed.ShouldBeTrue();
    }

    /// <summary>CVE-2025-24806: the forms of one address share one limit, and so does an IPv6 /64.</summary>
    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:DB8:0001:0002:0:0:0:1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%2", "fe80::1%3", true)]
    [InlineData("::1", "127.0.0.1", false)]
    public async Task Equivalent_addresses_share_a_bucket_and_others_do_not(string first, string second, bool shared)
    {
        var served = 0;
        var middleware = new RateLimitMiddleware(
            _ =>
            {
                served++;
                return Task.CompletedTask;
            },
            new RateLimiter(clock),
            MinimalOptions.For("http://localhost"));

        await middleware.InvokeAsync(Request(first));
        await middleware.InvokeAsync(Request(second));

        served.ShouldBe(shared ? 1 : 2);
    }

    private static DefaultHttpContext Request(string address)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new RateLimitMetadata(RateLimitKind.Address)), "test"));
        return context;
    }

    private static List<bool> Take(RateLimiter limiter, int times) =>
        [.. Enumerable.Range(0, times).Select(_ => limiter.Take("a", 4).IsAllowed)];
}

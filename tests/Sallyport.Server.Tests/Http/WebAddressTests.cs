using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tests.Http;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("www.example.com/logo.png", "https://www.example.com/logo.png")]
    [InlineData("//cdn.example.com/logo.png?v=1#top", "https://cdn.example.com/logo.png?v=1#top")]
    [InlineData("help.example.com", "https://help.example.com")]
    [InlineData("example.com", "https://example.com")]
    [InlineData("example.com:8443/help", "https://example.com:8443/help")]
    [InlineData("Bücher.example/straße", "https://Bücher.example/straße")]
    [InlineData("http://example.com/a", "http://example.com/a")]
    [InlineData("https://localhost/a", "https://localhost/a")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void An_address_without_a_scheme_is_used_as_https(string? address, string? used)
    {
        new WebAddressAttribute { AllowsMissingScheme = true }.IsValid(address).ShouldBeTrue();

        WebAddressAttribute.ToAbsolute(address).ShouldBe(used);
    }

    [Theory]
    [InlineData("logo.png")]
    [InlineData("images/logo.png")]
    [InlineData("/logo.png")]
    [InlineData("localhost/logo.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("ftp://example.com/logo.png")]
    [InlineData("user@example.com")]
    [InlineData("user:secret@example.com/a")]
    [InlineData("www.example.com/a b")]
    [InlineData("www..example.com")]
    [InlineData("-www.example.com/a")]
    [InlineData("1.2.3.4/logo.png")]
    [InlineData("www.example.com\n/logo.png")]
    [InlineData("example.com:port/a")]
    [InlineData("\"><script>.example.com/")]
    public void Text_that_is_not_a_web_address_is_refused(string address) =>
        new WebAddressAttribute { AllowsMissingScheme = true }.IsValid(address).ShouldBeFalse();

    [Fact]
    public void A_scheme_is_required_by_default() => new WebAddressAttribute().IsValid("www.example.com/logo.png").ShouldBeFalse();
}

using Microsoft.Extensions.Configuration;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Tests.Configuration;

public sealed class StartMessagesTests
{
    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    [InlineData("http://localhost:5080", "http://[::]:5080")]
    [InlineData("https://mfa.example.com:8443", "http://localhost:5080", "https://0.0.0.0:8443")]
    [InlineData("http://localhost:5080", "http://localhost:5080", "http://localhost:9090")]
    public void A_server_that_listens_on_its_public_URL_is_ready_there(string publicUrl, params string[] addresses) =>
        Ready(publicUrl, addresses).ShouldBe($"Sallyport is ready at {publicUrl}");

    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5099")]
    [InlineData("https://localhost:5080", "http://localhost:5080")]
    [InlineData("https://mfa.example.com", "http://localhost:5080")]
    public void A_server_that_listens_elsewhere_says_where(string publicUrl, string address) =>
        Ready(publicUrl, [address, "http://localhost:9090"]).ShouldBe($"Sallyport is ready and listens on {address}; its links start with {publicUrl}");

    /// <returns>The first line. Port 9090 serves only metrics.</returns>
    private static string Ready(string publicUrl, string[] addresses)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sallyport:PublicUrl"] = publicUrl,
            ["Sallyport:MetricsUrl"] = "http://localhost:9090",
        });
        var options = new ConfigurationReader(configuration.Build(), isDevelopment: true).Read();
        return StartMessages.Ready(new FirstStartResult { HasClient = true, TicketUrl = publicUrl }, options, addresses).Split(Environment.NewLine)[1];
    }
}

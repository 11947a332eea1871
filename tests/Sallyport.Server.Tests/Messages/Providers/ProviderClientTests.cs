using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages.Providers;

/// <summary>The HTTP client of all providers, against a real server.</summary>
public sealed class ProviderClientTests
{
    private const string Name = "Gateway";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_returned_with_status_and_body()
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var services = NewServices();
        gateway.Reply = _ => new ProviderReply(201, """{"sid":"SM1"}""");

        var answer = await SendAsync(services, gateway);

        answer.ShouldBe(new ProviderAnswer(Name, HttpStatusCode.Created, """{"sid":"SM1"}"""));
        answer.IsSuccess.ShouldBeTrue();
        gateway.Requests.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            request => request.Method.ShouldBe("POST"),
            request => request.Target.ShouldBe("/send?a=b%20c"),
            request => request.Body.ShouldBe("text"));
    }

    [Theory]
    [InlineData(400, true, false)]
    [InlineData(409, true, false)]
    [InlineData(410, true, false)]
    [InlineData(422, true, false)]
    [InlineData(408, false, false)]
    [InlineData(425, false, false)]
    [InlineData(429, false, false)]
    [InlineData(500, false, false)]
    [InlineData(503, false, false)]
    [InlineData(599, false, false)]
    [InlineData(302, false, true)]
    [InlineData(401, false, true)]
    [InlineData(402, false, true)]
    [InlineData(403, false, true)]
    [InlineData(404, false, true)]
    public async Task A_refusal_is_permanent_temporary_or_a_configuration_fault_by_its_status(int status, bool isPermanent, bool isConfigurationFault)
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var services = NewServices();
        gateway.Reply = _ => new ProviderReply(status) { Headers = new Dictionary<string, string> { ["Location"] = "/elsewhere" } };

        var answer = await SendAsync(services, gateway);

        answer.IsSuccess.ShouldBeFalse();
        var refusal = answer.Refusal("Unable to send");
        (refusal.IsPermanent, refusal.IsConfigurationFault).ShouldBe((isPermanent, isConfigurationFault));
        refusal.Message.ShouldBe($"Gateway answered {status}: Unable to send");
        // Neither a redirect is followed nor a failed request repeated.
        gateway.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Mon, 01 Jan 2024 00:02:00 GMT", 120)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task The_pause_that_an_overloaded_provider_asks_for_is_kept(string? header, int? seconds)
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var services = NewServices();
        var headers = new Dictionary<string, string> { ["Date"] = "Mon, 01 Jan 2024 00:00:00 GMT" };
        if (header is not null)
        {
            headers["Retry-After"] = header;
        }

        gateway.Reply = _ => new ProviderReply(429) { Headers = headers };

        var refusal = (await SendAsync(services, gateway)).Refusal();

        refusal.RetryAfter.ShouldBe(seconds is { } pause ? TimeSpan.FromSeconds(pause) : null);
    }

    [Theory]
    [InlineData("The 'To' number +1 (425) 555-0123 is not valid", "The 'To' number *** is not valid")]
    [InlineData("Body: 123456 is your code", "Body: *** is your code")]
    [InlineData("ann@example.com is suppressed", "*** is suppressed")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE is unknown", "key *** is unknown")]
    [InlineData("line\r\nbreak", "line break")]
    [InlineData("Error 21211", "Error 21211")]
    public void A_text_of_a_provider_is_shown_without_what_it_was_sent(string text, string shown) => ProviderText.Clean(text).ShouldBe(shown);

    [Fact]
    public async Task A_provider_that_does_not_answer_or_breaks_the_connection_fails_for_now()
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var services = NewServices();
        services.GetRequiredService<ManualClock>().TimerSpeed = 100;

        gateway.Reply = _ => ProviderReply.Never;
        var timeout = await ShouldFailAsync(services, gateway.Url);
        gateway.Reply = _ => ProviderReply.BrokenConnection;
        var broken = await ShouldFailAsync(services, gateway.Url);
        var unreachable = await ShouldFailAsync(services, $"http://127.0.0.1:{Ports.Free()}");

        timeout.Message.ShouldBe("Gateway did not answer within 10 seconds.");
        broken.Message.ShouldStartWith("Gateway cannot be reached: ");
        unreachable.Message.ShouldBe("Gateway cannot be reached: ConnectionError.");
        new[] { timeout, broken, unreachable }.ShouldAllBe(fault => !fault.IsPermanent && !fault.IsConfigurationFault);
        gateway.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_client_with_a_timeout_of_its_own_fails_for_now()
    {
        var client = new ProviderClient(new SilentClients(TimeSpan.FromSeconds(10)), Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/send");

        var failure = await Should.ThrowAsync<DeliveryException>(() => client.SendAsync(request, Cancelled));

        failure.IsPermanent.ShouldBeFalse();
        failure.Message.ShouldBe("Gateway did not answer within 10 seconds.");
    }

    [Fact]
    public async Task A_message_that_was_accepted_with_an_endless_answer_counts_as_accepted()
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var services = NewServices();
        gateway.Reply = _ => new ProviderReply(200, new string('x', 1_000_000));

        var answer = await SendAsync(services, gateway);

        answer.ShouldBe(new ProviderAnswer(Name, HttpStatusCode.OK, ""));
    }

    [Fact]
    public async Task After_an_outage_the_provider_is_not_called_for_a_while()
    {
        await using var gateway = await FakeProvider.StartAsync();
        await using var other = await FakeProvider.StartAsync();
        await using var services = NewServices();
        gateway.Reply = _ => new ProviderReply(503);

        for (var call = 0; call < 20; call++)
        {
            await SendAsync(services, gateway);
        }

        var fault = await ShouldFailAsync(services, gateway.Url);
        fault.Message.ShouldBe("Gateway is not called for a while, because the last calls failed.");
        fault.IsPermanent.ShouldBeFalse();
        gateway.Requests.Count.ShouldBe(20);
        (await SendAsync(services, other)).IsSuccess.ShouldBeTrue();
        gateway.Reply = _ => new ProviderReply(200);
        services.GetRequiredService<ManualClock>().Advance(TimeSpan.FromSeconds(6));
        (await SendAsync(services, gateway)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task HTTP_2_is_used_where_a_provider_requires_it()
    {
        await using var gateway = await FakeProvider.StartAsync(HttpProtocols.Http2);
        await using var services = NewServices();
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        await Client(services).SendAsync(request, Cancelled);

        gateway.Requests.ShouldHaveSingleItem().Protocol.ShouldBe("HTTP/2");
    }

    [Fact]
    public async Task Addresses_are_not_logged()
    {
        await using var gateway = await FakeProvider.StartAsync();
        using var log = new TextLog();
        await using var services = NewServices(log: log);

        await SendAsync(services, gateway);
        gateway.Reply = _ => new ProviderReply(503);
        await SendAsync(services, gateway);

        log.Text.ShouldNotContain("/send");
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}")]
    [InlineData("http://localhost:{port}")]
    [InlineData("http://[::1]:{port}")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}")]
    [InlineData("http://0.0.0.0:{port}")]
    public async Task A_webhook_does_not_reach_private_addresses_unless_the_operator_allows_it(string address)
    {
        await using var inside = await FakeProvider.StartAsync();
        await using var services = NewServices(isWebhook: true);
        var url = address.Replace("{port}", $"{new Uri(inside.Url).Port}", StringComparison.Ordinal);

        var fault = await ShouldFailAsync(services, url);

        fault.Message.ShouldBe("Gateway was not called: its address is not on the public Internet.");
        fault.IsConfigurationFault.ShouldBeTrue();
        inside.Requests.ShouldBeEmpty();
        await using var permissive = NewServices(isWebhook: true, allowsPrivateWebhooks: true);
        (await SendAsync(permissive, inside)).IsSuccess.ShouldBeTrue();
    }

    [Theory]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:0:a00:1::", false)]
    [InlineData("2606:4700::1111", true)]
    public void Only_global_addresses_are_public(string address, bool isPublic) =>
        PublicDestinations.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    private static ServiceProvider NewServices(bool isWebhook = false, bool allowsPrivateWebhooks = false, ILoggerProvider? log = null)
    {
        var services = new ServiceCollection();
        var clock = new ManualClock();
        services.AddSingleton(clock).AddSingleton<TimeProvider>(clock);
        services.AddSingleton(MinimalOptions.For("https://mfa.example.com", allowsPrivateWebhooks));
        services.AddLogging(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Trace);
            if (log is not null)
            {
                logging.AddProvider(log);
            }
        });
        if (isWebhook)
        {
            services.AddWebhookClient(Name);
        }
        else
        {
            services.AddProviderClient(Name);
        }

        return services.BuildServiceProvider();
    }

    private static ProviderClient Client(ServiceProvider services) => services.GetRequiredKeyedService<ProviderClient>(Name);

    private static Task<ProviderAnswer> SendAsync(ServiceProvider services, FakeProvider gateway) => SendAsync(services, gateway.Url);

    private static async Task<ProviderAnswer> SendAsync(ServiceProvider services, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/send?a=b%20c") { Content = new StringContent("text") };
        return await Client(services).SendAsync(request, Cancelled);
    }

    private static Task<DeliveryException> ShouldFailAsync(ServiceProvider services, string url) =>
        Should.ThrowAsync<DeliveryException>(() => SendAsync(services, url));

    /// <summary>Clients whose requests end as <see cref="HttpClient"/> reports its own timeout.</summary>
    private sealed class SilentClients(TimeSpan timeout) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new SilentHandler()) { Timeout = timeout };

        private sealed class SilentHandler : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                throw new TaskCanceledException("The request timed out.", new TimeoutException());
        }
    }
}

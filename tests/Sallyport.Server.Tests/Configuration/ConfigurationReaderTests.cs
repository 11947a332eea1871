using Microsoft.Extensions.Configuration;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void An_empty_configuration_is_complete()
    {
        var (options, faults) = Read();

        faults.ShouldBeEmpty();
        options.PublicUrl.ShouldBe("http://localhost:5080");
        options.DataDirectory.ShouldBe(Path.GetFullPath("data"));
        options.Storage.ShouldBe(Engine.Sqlite);
        options.BootstrapClient.ShouldBeNull();
        options.MasterKey.ShouldBeNull();
        (options.ManagementRateLimit, options.GuardianRateLimit).ShouldBe((500, 50));
        (options.EmailTemplateRateLimit, options.AuthenticationMethodRateLimit).ShouldBe((100, 25));
        options.TrustedProxies.ShouldBeEmpty();
        options.AllowedOrigins.ShouldBeEmpty();
        options.ReturnsProviderSecrets.ShouldBeFalse();
        options.Retention.ShouldBe(new Retention(TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromDays(30)));
    }

    [Fact]
    public void Settings_are_read()
    {
        var (options, faults) = Read(
            ("Sallyport:PublicUrl", "https://mfa.example.com/"), ("Sallyport:Storage", "postgresql"), ("ConnectionStrings:Sallyport", "Host=db"),
            ("Sallyport:Keys:Master", Convert.ToBase64String(new byte[32])), ("Sallyport:RateLimits:Management", "0"),
            ("Sallyport:TrustedProxies", "10.0.0.0/8, 192.0.2.1"), ("Sallyport:AllowedOrigins:0", "https://a.example"),
            ("Sallyport:AllowedOrigins:1", "https://b.example/"), ("Sallyport:Retention:LogDays", "7"));

        faults.ShouldBeEmpty();
        options.PublicUrl.ShouldBe("https://mfa.example.com");
        options.ManagementAudience.ShouldBe("https://mfa.example.com/api/v2/");
        options.Storage.ShouldBe(Engine.PostgreSql);
        options.MasterKey.ShouldBe(new byte[32]);
        options.ManagementRateLimit.ShouldBe(0);
        options.TrustedProxies.Select(network => network.ToString()).ShouldBe(["10.0.0.0/8", "192.0.2.1/32"]);
        options.AllowedOrigins.ShouldBe(["https://a.example", "https://b.example"]);
        options.Retention.Log.ShouldBe(TimeSpan.FromDays(7));
    }

    [Fact]
    public void A_provider_has_its_published_address_unless_the_operator_sets_another_one()
    {
        var (options, faults) = Read(("Sallyport:Providers:Twilio:BaseAddress", "http://127.0.0.1:8080/twilio/"));

        faults.ShouldBeEmpty();
        options.ProviderAddresses.Find(ProviderAddresses.Twilio).ShouldBe("http://127.0.0.1:8080/twilio");
        options.ProviderAddresses.Find(ProviderAddresses.Sns, "eu-west-1").ShouldBe("https://sns.eu-west-1.amazonaws.com");
        Read().Options.ProviderAddresses.Find(ProviderAddresses.Twilio).ShouldBe("https://api.twilio.com");
    }

    [Theory]
    [InlineData("Sallyport:PublicUrl", "mfa.example.com")]
    [InlineData("Sallyport:Storag", "PostgreSql")]
    [InlineData("Sallyport:AllowedOrigins:x", "https://a.example")]
    [InlineData("Sallyport:PublicUrl", "ftp://mfa.example.com")]
    [InlineData("Sallyport:PublicUrl", "https://münchen.example")]
    [InlineData("Sallyport:PublicUrl", @"http:\\mfa.example.com")]
    [InlineData("Sallyport:PublicUrl", "https://mfa.example.com/path")]
    [InlineData("Sallyport:PublicUrl", "https://user:password@mfa.example.com")]
    [InlineData("Sallyport:PublicUrl", "https://mfa.example.com/?a=b")]
    [InlineData("Sallyport:PublicUrl", "https://mfa.example.com:99999")]
    [InlineData("Sallyport:Storage", "MySql")]
    [InlineData("Sallyport:Storage", "7")]
    [InlineData("Sallyport:Keys:Master", "not base64")]
    [InlineData("Sallyport:Keys:Master", "AAAA")]
    [InlineData("Sallyport:RateLimits:Management", "-1")]
    [InlineData("Sallyport:RateLimits:Management", "2000000000")]
    [InlineData("Sallyport:RateLimits:Guardian", "fast")]
    [InlineData("Sallyport:RateLimits:EmailTemplates", "1.5")]
    [InlineData("Sallyport:RateLimits:AuthenticationMethods", "-25")]
    [InlineData("Sallyport:Compatibility:ReturnProviderSecrets", "yes")]
    [InlineData("Sallyport:Retention:TicketDays", "0")]
    [InlineData("Sallyport:Retention:TransactionDays", "1.5")]
    [InlineData("Sallyport:Retention:LogDays", "2147483647")]
    [InlineData("Sallyport:TrustedProxies", "everybody")]
    [InlineData("Sallyport:TrustedProxies", "10.0.0.1/8x")]
    [InlineData("Sallyport:MetricsUrl", "9464")]
    [InlineData("Sallyport:MetricsUrl", "https://127.0.0.1:9464")]
    [InlineData("Sallyport:MetricsUrl", "http://127.0.0.1:9464/metrics")]
    [InlineData("Sallyport:AllowedOrigins", "example.com")]
    [InlineData("Sallyport:Providers:AllowPrivateWebhooks", "sometimes")]
    [InlineData("Sallyport:Providers:Twilio:BaseAddress", "http://twilio.example")]
    [InlineData("Sallyport:Providers:Twilio:BaseAddress", "https://user:password@twilio.example")]
    [InlineData("Sallyport:Providers:Sns:BaseAddress", "https://sns.{region}.example/?a=b")]
    [InlineData("Sallyport:AllowedOrigins", "https://example.com/path")]
    public void A_fault_names_the_key_the_mistake_and_the_correction_in_one_line(string key, string value)
    {
        var fault = Read((key, value)).Faults.ShouldHaveSingleItem();

        fault.ShouldMatch($"^{key}: (.* )?is not .*; .*give .*$|^{key}: is not .*; make one with: .*$");
        fault.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("http://localhost:5099", "http://localhost:5099")]
    [InlineData("https://127.0.0.1:8443/", "https://127.0.0.1:8443")]
    [InlineData("http://127.0.0.1:0", "http://localhost:5080")]
    [InlineData("http://0.0.0.0:5099", "http://localhost:5080")]
    [InlineData("http://localhost:5099;https://localhost:8443", "http://localhost:5080")]
    public void The_public_URL_is_the_listening_address_if_that_is_a_single_local_one(string urls, string publicUrl)
    {
        var (options, faults) = Read(("urls", urls));

        faults.ShouldBeEmpty();
        options.PublicUrl.ShouldBe(publicUrl);
    }

    [Fact]
    public void A_misspelt_name_is_answered_with_the_nearest_setting() =>
        Read(("Sallyport:RateLimits:Managment", "1")).Faults.ShouldHaveSingleItem().ShouldEndWith("such as Sallyport:RateLimits:Management");

    [Fact]
    public void Settings_that_need_each_other_are_required_together()
    {
        Read(("Sallyport:Bootstrap:ClientId", "a")).Faults.ShouldHaveSingleItem().ShouldStartWith("Sallyport:Bootstrap:ClientSecret: is missing");
        Read(("Sallyport:Bootstrap:ClientSecret", new string('a', 16))).Faults.ShouldHaveSingleItem().ShouldStartWith("Sallyport:Bootstrap:ClientId: is missing");
        Read(("Sallyport:Bootstrap:AdminEmail", "a@example.com")).Faults.ShouldHaveSingleItem().ShouldStartWith("Sallyport:Bootstrap:AdminPassword: is missing");
        Read(("Sallyport:Bootstrap:AdminPassword", new string('a', 12))).Faults.ShouldHaveSingleItem().ShouldStartWith("Sallyport:Bootstrap:AdminEmail: is missing");
        Read(("Sallyport:Storage", "PostgreSql")).Faults.ShouldHaveSingleItem().ShouldStartWith("ConnectionStrings:Sallyport: is missing");
        Read(("Sallyport:Storage", "PostgreSql"), ("ConnectionStrings:Sallyport", "Colour=blue")).Faults
            .ShouldHaveSingleItem().ShouldStartWith("ConnectionStrings:Sallyport: is not a PostgreSQL connection string");
    }

    [Fact]
    public void Every_fault_is_reported_at_once_and_no_secret_is_repeated()
    {
        var (_, faults) = Read(
            ("Sallyport:PublicUrl", "x"), ("Sallyport:Storage", "x"), ("Sallyport:Keys:Master", "my-secret-key"),
            ("Sallyport:Bootstrap:ClientSecret", "my-secret-word"));

        faults.Count.ShouldBe(5);
        faults.ShouldAllBe(fault => !fault.Contains("my-secret"));
    }

    [Fact]
    public void A_short_client_secret_is_refused_without_being_repeated()
    {
        var id = ("Sallyport:Bootstrap:ClientId", "backend");
        var fault = Read(id, ("Sallyport:Bootstrap:ClientSecret", "fifteen-letters")).Faults.ShouldHaveSingleItem();
        var (options, faults) = Read(id, ("Sallyport:Bootstrap:ClientSecret", "sixteen-letters!"));

        fault.ShouldStartWith("Sallyport:Bootstrap:ClientSecret: is not 16 characters long");
        fault.ShouldNotContain("fifteen");
        faults.ShouldBeEmpty();
        options.BootstrapClient.ShouldBe(new BootstrapClient("backend", "sixteen-letters!"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9464", 9464)]
    [InlineData("http://*:9464/", 9464)]
    [InlineData("http://[::1]:9464", 9464)]
    public void Metrics_can_have_a_separate_address(string url, int port) =>
        Read(("Sallyport:MetricsUrl", url)).Options.MetricsAddress!.Port.ShouldBe(port);

    [Theory]
    [InlineData(true, true, "Sallyport:PublicUrl", "http://localhost:5099")]
    [InlineData(false, false, "Sallyport:PublicUrl", "http://localhost:5099")]
    [InlineData(true, false, "Sallyport:PublicUrl", "https://mfa.example.com")]
    [InlineData(true, false, "Sallyport:Storage", "PostgreSql")]
    public void A_demo_user_exists_only_in_development_on_SQLite_with_a_local_address(
        bool isDevelopment, bool hasDemoUser, string key, string value) =>
        Read(isDevelopment, [("ConnectionStrings:Sallyport", "Host=db"), (key, value)]).Options.HasDemoUser.ShouldBe(hasDemoUser);

    [Fact]
    public void A_configured_client_replaces_the_demo_user() =>
        Read(isDevelopment: true, [("Sallyport:Bootstrap:ClientId", "a"), ("Sallyport:Bootstrap:ClientSecret", new string('a', 16))])
            .Options.HasDemoUser.ShouldBeFalse();

    private static (SallyportOptions Options, IReadOnlyList<string> Faults) Read(params (string Key, string Value)[] settings) =>
        Read(isDevelopment: false, settings);

    private static (SallyportOptions Options, IReadOnlyList<string> Faults) Read(bool isDevelopment, (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var reader = new ConfigurationReader(configuration, isDevelopment);
        return (reader.Read(), reader.Faults);
    }
}

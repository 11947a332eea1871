using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sallyport.Server.Configuration;
using Sallyport.Server.Connections;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A real server on a loopback port and a real database, with a clock that tests move.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string ClientId = "test-client";
    public const string ClientSecret = "a secret that only the tests know";

    /// <summary>Connections that tests create users in, in addition to the default one.</summary>
    private static readonly string[] Connections = ["db", "employees", "other", "staff", "users", "c", "even", "odd", "sms"];

    /// <summary>Each password of a test would take a fifth of a second of a processor otherwise.</summary>
    private static readonly PasswordHasher<User> QuickHasher = UserServices.NewPasswordHasher(iterations: 1000);

    private readonly WebApplication app;

    private TestServer(WebApplication app, SallyportOptions options, ManualClock clock)
    {
        this.app = app;
        Options = options;
        Clock = clock;
        // The listening address; the public URL may differ.
        Http = new HttpClient(TestCertificate.CreateHandler()) { BaseAddress = new Uri(app.Configuration["urls"]!.Split(';')[0]) };
    }

    public SallyportOptions Options { get; }

    public ManualClock Clock { get; }

    /// <summary>Without credentials.</summary>
    public HttpClient Http { get; }

    public string Url => Options.PublicUrl;

    /// <summary>The <c>domain</c> option of the vendor's clients; it may contain a port.</summary>
    public string Domain => new Uri(Url).Authority;

    /// <summary>For assertions about stored rows. Features are called over HTTP.</summary>
    public Database Database => app.Services.GetRequiredService<Database>();

    public IServiceProvider Services => app.Services;

    /// <param name="settings">Configuration beyond what every test server has.</param>
    public static Task<TestServer> StartAsync(Engine engine, params (string Key, string Value)[] settings) =>
        StartAsync(engine, configure: _ => { }, settings);

    /// <param name="configure">Adds services of the test, such as a provider that stands for an SMS gateway.</param>
    public static async Task<TestServer> StartAsync(Engine engine, Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("sallyport-test").FullName;
        var clock = new ManualClock();
        var webRoot = settings.FirstOrDefault(setting => setting.Key == WebHostDefaults.WebRootKey).Value;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = webRoot });
        builder.Configuration.AddInMemoryCollection(Configuration(engine, folder)!);
        if (engine == Engine.PostgreSql)
        {
            builder.Configuration["ConnectionStrings:Sallyport"] = await PostgreSqlCluster.CreateMigratedDatabaseAsync();
        }

        foreach (var (key, value) in settings.Where(setting => setting.Key != WebHostDefaults.WebRootKey))
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton<RsaKeySource, PooledRsaKeys>();
        builder.Services.AddSingleton(QuickHasher);
        configure(builder.Services);
        var reader = new ConfigurationReader(builder.Configuration, isDevelopment: false);
        var options = reader.Read();
        reader.Faults.ShouldBeEmpty();
        var app = Program.Build(builder, options);
        try
        {
            await app.StartSallyportAsync();
            await AddConnectionsAsync(app.Services.GetRequiredService<Database>());
            await app.StartAsync();
            return new TestServer(app, options, clock);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Uses TLS on <c>localhost</c>, for clients that require it.</summary>
    public static Task<TestServer> StartSecureAsync(Engine engine, params (string Key, string Value)[] settings)
    {
        var url = $"https://localhost:{Ports.Free()}";
        return StartAsync(engine, [("urls", url), ("Sallyport:PublicUrl", url), .. TestCertificate.Settings, .. settings]);
    }

    /// <summary>Uses a domain, to which credentials of WebAuthn can be bound, and switches their factors on.</summary>
    public static async Task<TestServer> StartOnLocalhostAsync(Engine engine)
    {
        var url = $"http://localhost:{Ports.Free()}";
        var server = await StartAsync(engine, ("urls", url), ("Sallyport:PublicUrl", url));
        foreach (var factor in new[] { "webauthn-roaming", "webauthn-platform" })
        {
            (await new ManagementApi(server).SendAsync(HttpMethod.Put, "/guardian/factors/" + factor, new { enabled = true })).ShouldBe(HttpStatusCode.OK);
        }

        return server;
    }

    /// <summary>Stops the server and keeps its data, so that another one can be started with it.</summary>
    public async Task StopAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (Directory.Exists(Options.DataDirectory))
        {
            Directory.Delete(Options.DataDirectory, recursive: true);
        }
    }

    private static async Task AddConnectionsAsync(Database database) => await database.WriteAsync(
        async unit =>
        {
            foreach (var name in Connections)
            {
                // Another node of the same test may have created it.
                if (!await ConnectionStore.HoldAsync(unit, TenantId.Default, name, CancellationToken.None))
                {
                    var connection = new Connection(ConnectionStore.NewId(), name, Connection.DatabaseStrategy);
                    unit.Enqueue(ConnectionStore.Insert(TenantId.Default, connection, DateTimeOffset.UnixEpoch));
                }
            }
        },
        CancellationToken.None);

    private static Dictionary<string, string> Configuration(Engine engine, string folder)
    {
        var url = $"http://127.0.0.1:{Ports.Free()}";
        return new Dictionary<string, string>
        {
            ["urls"] = url,
            ["Sallyport:PublicUrl"] = url,
            ["Sallyport:DataDirectory"] = folder,
            ["Sallyport:Storage"] = engine.ToString(),
            ["Sallyport:Bootstrap:ClientId"] = ClientId,
            ["Sallyport:Bootstrap:ClientSecret"] = ClientSecret,
            // The clock does not advance, so the buckets are never refilled. Tests of the limits enable them.
            ["Sallyport:RateLimits:Management"] = "0",
            ["Sallyport:RateLimits:EmailTemplates"] = "0",
            ["Sallyport:RateLimits:AuthenticationMethods"] = "0",
            ["Sallyport:RateLimits:Guardian"] = "0",
        };
    }
}

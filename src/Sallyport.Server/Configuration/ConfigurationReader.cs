using System.Diagnostics.CodeAnalysis;
using System.Net;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Configuration;

/// <summary>Reads the configuration and collects every fault, so that an operator can correct all of them at once.</summary>
internal sealed class ConfigurationReader(IConfiguration configuration, bool isDevelopment)
{
    private const int MasterKeyLength = 32;
    private const int MinClientSecretLength = 16;
    private const int MaxRate = 1_000_000;
    private const int MaxSockets = 1_000_000;
    private const int MaxDrainSeconds = 60;

    private readonly ConfigurationValues values = new(configuration);

    /// <summary>One line each: the key, what is wrong with its value, and how to correct it.</summary>
    public IReadOnlyList<string> Faults => values.Faults;

    public SallyportOptions Read()
    {
        var options = ReadKnown();
        values.Faults.AddRange(UnknownSettings.FindFaults(configuration, values.Known));
        return options;
    }

    private SallyportOptions ReadKnown()
    {
        var storage = ReadStorage();
        return new SallyportOptions
        {
            PublicUrl = ReadPublicUrl(),
            AcceptPublicUrlChangeFrom = values.Text("Sallyport:AcceptPublicUrlChangeFrom")?.TrimEnd('/'),
            IsDevelopment = isDevelopment,
            DataDirectory = Path.GetFullPath(values.Text("Sallyport:DataDirectory") ?? "data"),
            Storage = storage,
            DrainTime = TimeSpan.FromSeconds(values.Number("Sallyport:DrainSeconds", fallback: 0, min: 0, max: MaxDrainSeconds)),
            ConnectionString = ReadConnectionString(storage),
            MasterKey = ReadMasterKey(),
            BootstrapClient = ReadBootstrapClient(),
            BootstrapAdministrator = ReadBootstrapAdministrator(),
            MetricsAddress = ReadMetricsAddress(),
            EntraUrl = ReadEntraUrl(),
            DuoUrl = ReadDuoUrl(),
            ManagementRateLimit = values.Number("Sallyport:RateLimits:Management", fallback: 500, min: 0, MaxRate),
            EmailTemplateRateLimit = values.Number("Sallyport:RateLimits:EmailTemplates", fallback: 100, min: 0, MaxRate),
            AuthenticationMethodRateLimit = values.Number("Sallyport:RateLimits:AuthenticationMethods", fallback: 25, min: 0, MaxRate),
            GuardianRateLimit = values.Number("Sallyport:RateLimits:Guardian", fallback: 50, min: 0, MaxRate),
            MaxSockets = values.Number("Sallyport:Sockets:Max", fallback: 10_000, min: 1, MaxSockets),
            MaxSocketsOfAddress = values.Number("Sallyport:Sockets:MaxOfAddress", fallback: 500, min: 1, MaxSockets),
            TrustedProxies = ReadNetworks(),
            AllowedOrigins = ReadOrigins(),
            Retention = new Retention(
                values.Days("Sallyport:Retention:TicketDays", fallback: 30),
                values.Days("Sallyport:Retention:TransactionDays", fallback: 1),
                values.Days("Sallyport:Retention:LogDays", fallback: 30)),
            AllowsUnencryptedMail = values.Boolean("Sallyport:Mail:AllowUnencrypted"),
            PhoneCountries = ReadCountries(),
            ProviderAddresses = ReadProviderAddresses(),
            AllowsPrivateWebhooks = values.Boolean("Sallyport:Providers:AllowPrivateWebhooks") || isDevelopment,
            ReturnsProviderSecrets = values.Boolean("Sallyport:Compatibility:ReturnProviderSecrets"),
        };
    }

    private string ReadPublicUrl()
    {
        var text = values.Text("Sallyport:PublicUrl") ?? FindLocalAddress() ?? "http://localhost:5080";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri is not { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" }
            || text.Contains('\\', StringComparison.Ordinal))
        {
            values.Faults.Add($"Sallyport:PublicUrl: \"{text}\" is not an address of the form https://mfa.example.com; give scheme and host, and a port if it is not the usual one");
        }
        else if (uri.IdnHost != uri.Host || !text.All(char.IsAscii))
        {
            values.Faults.Add($"Sallyport:PublicUrl: \"{text}\" is not ASCII; give it as {uri.IdnHost}");
        }

        return text.TrimEnd('/');
    }

    /// <summary>On a developer's machine the public URL is the address that the server listens on.</summary>
    private string? FindLocalAddress() =>
        configuration["urls"] is { } urls && Uri.TryCreate(urls, UriKind.Absolute, out var uri) && uri is { IsLoopback: true, Port: > 0, PathAndQuery: "/" }
            ? urls
            : null;

    /// <summary>Keys are fetched from it.</summary>
    private string ReadEntraUrl()
    {
        var text = values.Text("Sallyport:EntraUrl")?.TrimEnd('/') ?? "https://login.microsoftonline.com";
        if (!IsTrustworthy(text, out var uri) || uri.PathAndQuery != "/")
        {
            values.Faults.Add($"Sallyport:EntraUrl: \"{text}\" is not an address of the form https://login.microsoftonline.com");
        }

        return text;
    }

    private string? ReadDuoUrl()
    {
        var text = values.Text("Sallyport:DuoUrl")?.TrimEnd('/');
        if (text is not null && (!IsTrustworthy(text, out var uri) || uri.PathAndQuery != "/"))
        {
            values.Faults.Add($"Sallyport:DuoUrl: \"{text}\" is not an address of the form https://api-12345678.duosecurity.com");
        }

        return text;
    }

    private ProviderAddresses ReadProviderAddresses()
    {
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (provider, published) in ProviderAddresses.Published)
        {
            var key = $"Sallyport:Providers:{provider}:BaseAddress";
            var text = values.Text(key)?.TrimEnd('/') ?? published;
            if (!IsTrustworthy(text.Replace(ProviderAddresses.Region, "region", StringComparison.Ordinal), out var uri) || uri is not { Query: "", Fragment: "" })
            {
                values.Faults.Add($"{key}: \"{text}\" is not an https address without a query; give one such as {published}");
            }

            addresses.Add(provider, text);
        }

        return new ProviderAddresses(addresses);
    }

    /// <summary>Credentials are sent to such an address, or keys fetched from it: it is https, unless it is on this machine.</summary>
    private static bool IsTrustworthy(string text, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private BindingAddress? ReadMetricsAddress()
    {
        if (values.Text("Sallyport:MetricsUrl") is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text.Replace("//*:", "//0.0.0.0:", StringComparison.Ordinal), UriKind.Absolute, out var uri)
            && uri is { Scheme: "http", PathAndQuery: "/", Port: > 0 })
        {
            return BindingAddress.Parse(text);
        }

        values.Faults.Add($"Sallyport:MetricsUrl: \"{text}\" is not an address to listen on; give one with a port of its own, such as http://127.0.0.1:9464");
        return null;
    }

    private Engine ReadStorage()
    {
        var text = values.Text("Sallyport:Storage") ?? nameof(Engine.Sqlite);
        if (Enum.TryParse<Engine>(text, ignoreCase: true, out var engine) && Enum.IsDefined(engine))
        {
            return engine;
        }

        values.Faults.Add($"Sallyport:Storage: \"{text}\" is not a storage; give Sqlite or PostgreSql");
        return Engine.Sqlite;
    }

    private string? ReadConnectionString(Engine storage)
    {
        var text = configuration.GetConnectionString("Sallyport");
        if (storage != Engine.PostgreSql)
        {
            return text;
        }

        if (string.IsNullOrEmpty(text))
        {
            values.Faults.Add("ConnectionStrings:Sallyport: is missing; with Sallyport:Storage PostgreSql give a connection string such as Host=db;Database=sallyport;Username=sallyport");
            return null;
        }

        try
        {
            return new Npgsql.NpgsqlConnectionStringBuilder(text).ConnectionString;
        }
        catch (ArgumentException)
        {
            values.Faults.Add("ConnectionStrings:Sallyport: is not a PostgreSQL connection string; give one such as Host=db;Database=sallyport;Username=sallyport");
            return null;
        }
    }

    private byte[]? ReadMasterKey()
    {
        if (values.Text("Sallyport:Keys:Master") is not { } text)
        {
            return null;
        }

        var key = new byte[MasterKeyLength];
        if (Convert.TryFromBase64String(text, key, out var length) && length == MasterKeyLength)
        {
            return key;
        }

        values.Faults.Add("Sallyport:Keys:Master: is not the base64 of 32 bytes; make one with: openssl rand -base64 32");
        return null;
    }

    private BootstrapClient? ReadBootstrapClient()
    {
        var (id, secret) = (values.Text("Sallyport:Bootstrap:ClientId"), values.Text("Sallyport:Bootstrap:ClientSecret"));
        if (id is null && secret is null)
        {
            return null;
        }

        if (id is null)
        {
            values.Faults.Add("Sallyport:Bootstrap:ClientId: is missing; give it together with Sallyport:Bootstrap:ClientSecret");
        }

        if (secret is null)
        {
            values.Faults.Add("Sallyport:Bootstrap:ClientSecret: is missing; give it together with Sallyport:Bootstrap:ClientId");
        }

        if (secret is { Length: < MinClientSecretLength })
        {
            values.Faults.Add($"Sallyport:Bootstrap:ClientSecret: is not {MinClientSecretLength} characters long or longer; make one and give it, with: openssl rand -hex 32");
        }

        return id is null || secret is null ? null : new BootstrapClient(id, secret);
    }

    private BootstrapAdministrator? ReadBootstrapAdministrator()
    {
        const string EmailKey = "Sallyport:Bootstrap:AdminEmail";
        const string PasswordKey = "Sallyport:Bootstrap:AdminPassword";
        var (email, password) = (values.Text(EmailKey), values.Text(PasswordKey));
        if (email is null != password is null)
        {
            var (missing, given) = email is null ? (EmailKey, PasswordKey) : (PasswordKey, EmailKey);
            values.Faults.Add($"{missing}: is missing; give it together with {given}");
        }

        if (email is not null && (!System.Net.Mail.MailAddress.TryCreate(email, out var address) || address.Address != email))
        {
            values.Faults.Add($"{EmailKey}: \"{email}\" is not an email address; give one such as admin@example.com");
        }

        if (password is { Length: < BootstrapAdministrator.MinPasswordLength })
        {
            values.Faults.Add($"{PasswordKey}: is not {BootstrapAdministrator.MinPasswordLength} characters long or longer; make one and give it, with: openssl rand -hex 16");
        }

        return email is null || password is null ? null : new BootstrapAdministrator(email, password);
    }

    private string[] ReadCountries()
    {
        string[] countries = [.. values.List("Sallyport:Phone:AllowedCountries").Select(country => country.ToUpperInvariant())];
        values.Faults.AddRange(
            from country in countries
            where country.Length != 2 || !country.All(char.IsAsciiLetterUpper)
            select $"Sallyport:Phone:AllowedCountries: \"{country}\" is not an ISO 3166 code; give one such as DE");
        return countries;
    }

    private IPNetwork[] ReadNetworks()
    {
        var texts = values.List("Sallyport:TrustedProxies");
        var networks = new IPNetwork[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (IPAddress.TryParse(texts[i], out var address))
            {
                networks[i] = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            }
            else if (!IPNetwork.TryParse(texts[i], out networks[i]))
            {
                values.Faults.Add($"Sallyport:TrustedProxies: \"{texts[i]}\" is not an address range; give one such as 10.0.0.0/8");
            }
        }

        return networks;
    }

    private string[] ReadOrigins()
    {
        var origins = values.List("Sallyport:AllowedOrigins");
        for (var i = 0; i < origins.Length; i++)
        {
            if (!Uri.TryCreate(origins[i], UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.Query.Length > 0)
            {
                values.Faults.Add($"Sallyport:AllowedOrigins: \"{origins[i]}\" is not an origin; give one such as https://login.example.com");
            }

            origins[i] = origins[i].TrimEnd('/');
        }

        return origins;
    }
}

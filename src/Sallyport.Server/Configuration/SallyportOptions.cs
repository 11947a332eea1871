using System.Net;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Configuration;

/// <summary>The section <c>Sallyport</c> of the configuration, checked. See <c>docs/configuration.md</c>.</summary>
internal sealed class SallyportOptions
{
    private const string ManagementPath = "/api/v2/";

    /// <summary>Without a trailing slash. Links, issuers and audiences are built from it and from nothing else.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>Confirms that <see cref="PublicUrl"/> replaces this one, with which the database was used before.</summary>
    public string? AcceptPublicUrlChangeFrom { get; init; }

    /// <summary>A developer's machine: a missing first client is generated, and secrets are printed to the console.</summary>
    public bool IsDevelopment { get; init; }

    public required string DataDirectory { get; init; }

    public required Engine Storage { get; init; }

    /// <summary>How long the server goes on serving requests after it was told to stop.</summary>
    public TimeSpan DrainTime { get; init; }

    /// <summary>For PostgreSQL.</summary>
    public string? ConnectionString { get; init; }

    public byte[]? MasterKey { get; init; }

    /// <summary>A developer who starts the server without configuration gets a user and a link to try it with.</summary>
    public bool HasDemoUser => IsDevelopment && BootstrapClient is null && Storage == Engine.Sqlite && new Uri(PublicUrl).IsLoopback;

    public BootstrapClient? BootstrapClient { get; init; }

    /// <summary>The owner of the dashboard who is created at start if no administrator has this address.</summary>
    public BootstrapAdministrator? BootstrapAdministrator { get; init; }

    /// <summary>In Development: the address of the administrator who is invited at start until an owner has signed in to the dashboard.</summary>
    public string? InvitedAdministrator => IsDevelopment && BootstrapAdministrator is null ? "admin@example.com" : null;

    /// <summary>The only address that serves <c>/metrics</c>, and serves nothing else. Null: every address serves it.</summary>
    public BindingAddress? MetricsAddress { get; init; }

    /// <summary>Replaces the host that a tenant sets for Duo, without a trailing slash; null to use that host.</summary>
    public string? DuoUrl { get; init; }

    /// <summary>Microsoft Entra, without a trailing slash (docs/entra.md).</summary>
    public required string EntraUrl { get; init; }

    /// <summary>Requests per second and client to the Management API; 0 disables the limit.</summary>
    public required int ManagementRateLimit { get; init; }

    /// <summary>Writes of email templates per minute and client, a tenth of them at once; 0 disables the limit.</summary>
    public required int EmailTemplateRateLimit { get; init; }

    /// <summary>Requests for authentication methods per second and client; 0 disables the limit.</summary>
    public required int AuthenticationMethodRateLimit { get; init; }

    /// <summary>Requests per second and address to the Guardian API; 0 disables the limit.</summary>
    public required int GuardianRateLimit { get; init; }

    /// <summary>Maximum number of real-time sockets of this node.</summary>
    public required int MaxSockets { get; init; }

    /// <summary>Maximum number of real-time sockets of one address.</summary>
    public required int MaxSocketsOfAddress { get; init; }

    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Browser origins that may call the Guardian API. Empty: any.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    public required Retention Retention { get; init; }

    /// <summary>Returns two provider secrets to readers of the settings, as the published API does. Terraform needs it.</summary>
    public bool ReturnsProviderSecrets { get; init; }

    /// <summary>Sends mail unencrypted to a mail server that does not offer encryption.</summary>
    public bool AllowsUnencryptedMail { get; init; }

    /// <summary>The countries to which messages to phones are sent, unless a tenant has chosen others. Empty: all.</summary>
    public IReadOnlyList<string> PhoneCountries { get; init; } = [];

    public ProviderAddresses ProviderAddresses { get; init; } = ProviderAddresses.Default;

    /// <summary>Lets webhooks that a tenant administrator sets be http addresses, and addresses of private networks.</summary>
    public bool AllowsPrivateWebhooks { get; init; }

    /// <summary>With the trailing slash that published clients expect.</summary>
    public string Issuer => PublicUrl + "/";

    public string ManagementAudience => PublicUrl + ManagementPath;

    /// <summary>The base address of the Guardian API that pages and clients get.</summary>
    public string GuardianUrl => PublicUrl + "/appliance-mfa";

    public string OutboxDirectory => Path.Combine(DataDirectory, "outbox");

    /// <returns>The public URL that an audience of the Management API was built from.</returns>
    public static string PublicUrlOf(string managementAudience) =>
        managementAudience.EndsWith(ManagementPath, StringComparison.Ordinal) ? managementAudience[..^ManagementPath.Length] : managementAudience;
}

/// <summary>A machine-to-machine client that is created at start if it does not exist.</summary>
internal sealed record BootstrapClient(string ClientId, string ClientSecret)
{
    public override string ToString() => $"{ClientId} ***";
}

internal sealed record BootstrapAdministrator(string Email, string Password)
{
    public const int MinPasswordLength = 12;

    public override string ToString() => Email;
}

/// <summary>How long rows are kept that are no longer needed.</summary>
internal sealed record Retention(TimeSpan Tickets, TimeSpan Transactions, TimeSpan Log);

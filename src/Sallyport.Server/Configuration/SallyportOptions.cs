using System.Net;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Configuration;

/// <summary>The section <c>Sallyport</c> of the configuration, checked. See <c>docs/configuration.md</c>.</summary>
internal sealed class SallyportOptions
{
    /// <summary>Without a trailing slash. Links, issuers and audiences are built from it and from nothing else.</summary>
    public required string PublicUrl { get; init; }

    public required string DataDirectory { get; init; }

    public required Engine Storage { get; init; }

    /// <summary>Of PostgreSQL.</summary>
    public string? ConnectionString { get; init; }

    public byte[]? MasterKey { get; init; }

    /// <summary>Somebody tries it out on their own machine, and gets a demo user.</summary>
    public bool IsTrial => BootstrapClient is null && Storage == Engine.Sqlite && new Uri(PublicUrl).IsLoopback;

    public BootstrapClient? BootstrapClient { get; init; }

    /// <summary>The only address that answers <c>/metrics</c>, and answers nothing else. Null: every address does.</summary>
    public BindingAddress? MetricsAddress { get; init; }

    /// <summary>Requests a second for each client of the Management API; 0 switches the limit off.</summary>
    public required int ManagementRateLimit { get; init; }

    /// <summary>Writes of e-mail templates a minute for each client, a tenth of them at once; 0 switches the limit off.</summary>
    public required int EmailTemplateRateLimit { get; init; }

    /// <summary>Requests for authentication methods a second for each client; 0 switches the limit off.</summary>
    public required int AuthenticationMethodRateLimit { get; init; }

    /// <summary>Requests a second for each address at the Guardian API; 0 switches the limit off.</summary>
    public required int GuardianRateLimit { get; init; }

    /// <summary>Real-time sockets of this node.</summary>
    public required int MaxSockets { get; init; }

    /// <summary>Real-time sockets of one address.</summary>
    public required int MaxSocketsOfAddress { get; init; }

    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>Browser origins for the Guardian API. Empty: any.</summary>
    public required IReadOnlyList<string> AllowedOrigins { get; init; }

    public required Retention Retention { get; init; }

    /// <summary>Shows two secrets to whoever may read the settings, as the published API does: for tools that insist.</summary>
    public bool ReturnsProviderSecrets { get; init; }

    /// <summary>Sends mail unencrypted to a mail server that does not offer encryption.</summary>
    public bool AllowsUnencryptedMail { get; init; }

    /// <summary>Where issuers and the vendor's clients expect a trailing slash.</summary>
    public string Issuer => PublicUrl + "/";

    public string ManagementAudience => PublicUrl + "/api/v2/";

    /// <summary>The base of the Guardian API, as pages and clients are told it.</summary>
    public string GuardianUrl => PublicUrl + "/appliance-mfa";

    public string OutboxDirectory => Path.Combine(DataDirectory, "outbox");
}

/// <summary>A machine-to-machine client that is made at start if it does not exist.</summary>
internal sealed record BootstrapClient(string ClientId, string ClientSecret)
{
    public override string ToString() => $"{ClientId} ***";
}

/// <summary>How long rows are kept that nobody needs any more.</summary>
internal sealed record Retention(TimeSpan Tickets, TimeSpan Transactions, TimeSpan Log);

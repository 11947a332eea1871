using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors;

/// <summary>
/// A factor that another service verifies: the browser goes to the address in <see cref="ChallengeDraft.Shown"/> (<see cref="RedirectShown"/>), and
/// comes back with the id of the challenge and a code of the service.
/// </summary>
internal interface IRedirectFactor : IFactor
{
    /// <summary>False if browsers cannot be sent to the service, for example because the tenant has set no keys. Then the factor is not offered.</summary>
    ValueTask<bool> IsConfiguredAsync(Session session, TenantId tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the challenge was shown to the browser that has this secret. Otherwise a person who follows a link of an attacker would confirm
    /// the attacker's sign-in.
    /// </summary>
    bool IsOfBrowser(Challenge open, string browserSecret);

    /// <summary>Asks the service what it has found out. Called before the database transaction that evaluates the response.</summary>
    /// <param name="code">Null if the service reports an error.</param>
    ValueTask<RedirectVerdict> CheckReturnAsync(Challenge open, string? code, CancellationToken cancellationToken);
}

internal enum RedirectVerdict
{
    Confirmed,
    Refused,

    /// <summary>The service did not answer as it should. Nothing is known.</summary>
    Unavailable,
}

/// <summary>The members of what a challenge of an <see cref="IRedirectFactor"/> shows.</summary>
internal static class RedirectShown
{
    public const string Address = "address";

    /// <summary>For a cookie of the browser that is sent to the service.</summary>
    public const string BrowserSecret = "browser_secret";
}

using Sallyport.Server.Factors;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>How an answer shows the methods of a tenant's users.</summary>
internal sealed record MethodDisplay
{
    public static readonly MethodDisplay Unmasked = new() { MasksEmail = false, MasksPhoneNumber = false };

    private const string ShowsNumbers = "disable_management_api_sms_obfuscation";

    public bool MasksEmail { get; private init; } = true;

    public bool MasksPhoneNumber { get; private init; } = true;

    /// <summary>The channels that the tenant allows, by the name of the factor. Factors without a choice are left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Channels { get; private init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Addresses are always masked; numbers unless the tenant's flag says otherwise.</summary>
    public static async ValueTask<MethodDisplay> ReadAsync(
        Session session, TenantId tenant, FactorCatalog catalog, IEnumerable<Authenticator> shown, CancellationToken cancellationToken) =>
        new()
        {
            MasksPhoneNumber = !await TenantStore.IsFlagSetAsync(session, tenant, ShowsNumbers, cancellationToken),
            Channels = await catalog.FindChannelsAsync(session, tenant, shown, cancellationToken),
        };
}

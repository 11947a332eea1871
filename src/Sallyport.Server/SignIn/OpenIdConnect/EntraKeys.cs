using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.SignIn.OpenIdConnect;

/// <summary>What an Entra tenant publishes.</summary>
internal sealed record EntraMetadata(string Issuer, IReadOnlyList<SecurityKey> Keys, DateTimeOffset FetchedAt);

/// <summary>
/// The issuer and the keys of Entra tenants, from the discovery document of each. They are kept for a day, and fetched again when a token names
/// an unknown key. While Entra cannot be reached, those that are kept stay in use.
/// </summary>
internal sealed class EntraKeys(SallyportOptions options, TimeProvider clock) : IDisposable
{
    private const int MaxLength = 256 * 1024;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Between two requests for an unknown key: anybody can send a token that names one.</summary>
    private static readonly TimeSpan MinPause = TimeSpan.FromMinutes(1);

    /// <summary>After a failure, so that sign-ins do not wait for Entra one after the other while it is down.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, EntraMetadata> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> failures = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim gate = new(1);

    private readonly Lazy<HttpClient> http = new(() => new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = MaxLength,
    });

    public void Dispose()
    {
        gate.Dispose();
        if (http.IsValueCreated)
        {
            http.Value.Dispose();
        }
    }

    /// <param name="keyId">The key that a token names.</param>
    /// <returns>Null if Entra cannot be reached, or if its answer is not as it should be.</returns>
    public async ValueTask<EntraMetadata?> FindAsync(string tenant, string? keyId, CancellationToken cancellationToken)
    {
        if (FindUsable(tenant, keyId) is { } usable)
        {
            return usable;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (FindUsable(tenant, keyId) is { } fetched)
            {
                return fetched;
            }

            if (failures.TryGetValue(tenant, out var failedAt) && clock.GetUtcNow() - failedAt < PauseAfterFailure)
            {
                return known.GetValueOrDefault(tenant);
            }

            known[tenant] = await FetchAsync(tenant, cancellationToken);
            return known[tenant];
        }
        catch (Exception exception) when (IsOfEntra(exception) && !cancellationToken.IsCancellationRequested)
        {
            failures[tenant] = clock.GetUtcNow();
            return known.GetValueOrDefault(tenant);
        }
        finally
        {
            gate.Release();
        }
    }

    private EntraMetadata? FindUsable(string tenant, string? keyId)
    {
        var age = known.TryGetValue(tenant, out var metadata) ? clock.GetUtcNow() - metadata.FetchedAt : TimeSpan.MaxValue;
        return age < Lifetime && (age < MinPause || metadata!.Keys.Any(key => key.KeyId == keyId)) ? metadata : null;
    }

    private async Task<EntraMetadata> FetchAsync(string tenant, CancellationToken cancellationToken)
    {
        var issuer = $"{options.EntraUrl}/{tenant}/v2.0";
        using var document = JsonDocument.Parse(await http.Value.GetStringAsync(issuer + "/.well-known/openid-configuration", cancellationToken));
        var keysUrl = document.RootElement.GetProperty("jwks_uri").GetString();
        if (document.RootElement.GetProperty("issuer").GetString() != issuer
            || !Uri.TryCreate(keysUrl, UriKind.Absolute, out var address)
            || address.GetLeftPart(UriPartial.Authority) != new Uri(options.EntraUrl).GetLeftPart(UriPartial.Authority))
        {
            throw new InvalidOperationException("The discovery document names another issuer, or keys of another server.");
        }

        var keys = new JsonWebKeySet(await http.Value.GetStringAsync(address, cancellationToken)).GetSigningKeys();
        return new EntraMetadata(issuer, [.. keys.Where(key => key is RsaSecurityKey or JsonWebKey or X509SecurityKey)], clock.GetUtcNow());
    }

    private static bool IsOfEntra(Exception exception) =>
        exception is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException
            or ArgumentException or FormatException;
}

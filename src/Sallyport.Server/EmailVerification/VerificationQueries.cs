using System.Text.Json;
using Sallyport.Server.Clients;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;

namespace Sallyport.Server.EmailVerification;

/// <summary>Reads what the page behind a link shows. Changes nothing.</summary>
internal sealed class VerificationQueries(Database database, SecretHash hash, MailTemplates templates, TimeProvider clock)
{
    public async ValueTask<VerificationView> FindAsync(TenantId tenant, string? link, CancellationToken cancellationToken)
    {
        var (settings, found, template, application) = await database.ReadAsync(
            session => ReadAsync(session, tenant, link, cancellationToken), cancellationToken);
        var state = found?.StateAt(clock.GetUtcNow()) ?? VerificationState.Unknown;
        if (found is null || state == VerificationState.Unknown)
        {
            return new VerificationView(settings, VerificationState.Unknown, Found: null, Result: null);
        }

        var variables = new Dictionary<string, object?> { ["application"] = application?.ToVariables() };
        var url = template is null ? null : templates.RenderResultUrl(EmailTemplate.Verification, template, variables);
        var email = template?.IncludeEmailInRedirect == true && state == VerificationState.Open ? found.Email : null;
        return new VerificationView(settings, state, found, url is null ? null : new ResultUrl(url, email));
    }

    private async ValueTask<(TenantSettings, Verification?, EmailTemplate?, VerificationApplication?)> ReadAsync(
        Session session, TenantId tenant, string? link, CancellationToken cancellationToken)
    {
        var settings = await TenantStore.GetSettingsAsync(session, tenant, cancellationToken);
        var found = LinkId.TryParse(link, out var id)
            ? await VerificationStore.FindAsync(session, tenant, VerificationStore.Links.Hash(hash, id), cancellationToken)
            : null;
        if (found is null)
        {
            return (settings, null, null, null);
        }

        var template = await templates.FindAsync(session, tenant, EmailTemplate.Verification, cancellationToken) is { Enabled: true } enabled ? enabled : null;
        var application = found.ClientId is { } clientId
            ? await VerificationApplication.FindAsync(session, tenant, clientId, cancellationToken)
            : null;
        return (settings, found, template, application);
    }
}

/// <param name="Found">Null if the link is unknown or must look so.</param>
/// <param name="Result">Null if the person stays on our page.</param>
internal sealed record VerificationView(TenantSettings Tenant, VerificationState State, Verification? Found, ResultUrl? Result);

/// <summary>The tenant's page that the person is sent to afterwards.</summary>
/// <param name="Email">The address that is passed along; null if the template does not ask for it.</param>
internal sealed record ResultUrl(Uri Url, string? Email);

/// <summary>The client that the mail names, as far as templates may know it.</summary>
internal sealed record VerificationApplication(string ClientId, string Name, string? CallbackDomain)
{
    /// <returns>Null if there is no such client.</returns>
    public static async ValueTask<VerificationApplication?> FindAsync(
        Session session, TenantId tenant, string clientId, CancellationToken cancellationToken)
    {
        if (await ClientStore.FindAsync(session, tenant, clientId, cancellationToken) is not { IsGlobal: false } client)
        {
            return null;
        }

        using var settings = JsonDocument.Parse(client.Settings);
        var callback = settings.RootElement.TryGetProperty("callbacks", out var callbacks) && callbacks.ValueKind == JsonValueKind.Array
            ? callbacks.EnumerateArray().Select(item => item.GetString()).FirstOrDefault()
            : null;
        var domain = Uri.TryCreate(callback, UriKind.Absolute, out var url)
            ? url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : null;
        return new VerificationApplication(client.ClientId, client.Name, domain);
    }

    public Dictionary<string, object?> ToVariables() => new()
    {
        ["name"] = Name,
        ["clientID"] = ClientId,
        ["callback_domain"] = CallbackDomain,
    };
}

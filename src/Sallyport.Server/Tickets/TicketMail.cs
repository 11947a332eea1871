using Sallyport.Server.Configuration;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tickets;

/// <summary>The mail that carries a ticket's link.</summary>
internal sealed class TicketMail(Outbox outbox, EnrollmentMail mail, MailTemplates templates, SallyportOptions options)
{
    /// <returns>False where neither the request nor the user has an address.</returns>
    public async ValueTask<bool> TryAddAsync(
        UnitOfWork unit, CreateTicketRequest request, string ticketUrl, CancellationToken cancellationToken)
    {
        var user = await UserStore.FindAsync(unit, TenantId.Default, request.UserId, cancellationToken);
        if ((request.Email ?? user?.Email) is not { } address)
        {
            return false;
        }

        var tenant = await TenantStore.GetSettingsAsync(unit, TenantId.Default, cancellationToken);
        var locale = LanguageChoice.ChooseForMail(tenant.EnabledLocales, request.EmailLocale);
        var builtIn = mail.Compose(address, user?.Name, tenant, ticketUrl, locale);
        var variables = Variables(request, user, tenant, ticketUrl);
        outbox.Add(
            unit,
            TenantId.Default,
            Message.Of(await templates.ApplyAsync(unit, EmailTemplate.Enrollment, builtIn, variables, cancellationToken), ClientName()));
        return true;
    }

    /// <summary>Those that the published templates have in this mail (guardian-behaviour 1.5).</summary>
    private static Dictionary<string, object?> Variables(CreateTicketRequest request, User? user, TenantSettings tenant, string link) => new()
    {
        ["link"] = link,
        ["request_language"] = request.EmailLocale ?? tenant.EnabledLocales?[0],
        ["tenant"] = tenant.DisplayName,
        ["friendly_name"] = tenant.DisplayName,
        ["support_email"] = tenant.SupportEmail,
        ["support_url"] = tenant.SupportUrl,
        ["application"] = new Dictionary<string, object?> { ["name"] = tenant.DisplayName },
        ["user"] = new Dictionary<string, object?>
        {
            ["user_id"] = user?.UserId,
            ["email"] = user?.Email,
            ["email_verified"] = user?.EmailVerified,
            ["picture"] = user?.Picture,
            ["nickname"] = user?.Nickname,
            ["given_name"] = user?.GivenName,
            ["family_name"] = user?.FamilyName,
            ["name"] = user?.Name,
            ["app_metadata"] = MailVariables.Read(user?.AppMetadata),
            ["user_metadata"] = MailVariables.Read(user?.UserMetadata),
        },
    };

    /// <summary>RFC 5321 section 4.1.3: an address stands in brackets.</summary>
    private string ClientName()
    {
        var host = new Uri(options.PublicUrl);
        return host.HostNameType switch
        {
            UriHostNameType.IPv4 => $"[{host.Host}]",
            UriHostNameType.IPv6 => $"[IPv6:{host.Host.Trim('[', ']')}]",
            _ => host.IdnHost,
        };
    }
}

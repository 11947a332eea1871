using Sallyport.Server.Configuration;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.Tickets;

/// <summary>The mail that carries a ticket's link.</summary>
internal sealed class TicketMail(Outbox outbox, LinkMail mail, MailTemplates templates, SallyportOptions options)
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
        var builtIn = mail.Compose(LinkMailTexts.ForEnrollment(locale.Texts), (address, user?.Name), tenant, ticketUrl, locale);
        var variables = MailVariables.Of(user, tenant, request.EmailLocale);
        variables["link"] = ticketUrl;
        var written = await templates.ApplyAsync(unit, EmailTemplate.Enrollment, builtIn, variables, cancellationToken);
        outbox.Add(unit, TenantId.Default, Message.Of(written, new Uri(options.PublicUrl)));
        return true;
    }
}

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
    /// <returns>False if neither the request nor the user has an address.</returns>
    public async ValueTask<bool> TryAddAsync(
        UnitOfWork unit, TenantId tenant, CreateTicketRequest request, string ticketUrl, CancellationToken cancellationToken)
    {
        var user = await UserStore.FindAsync(unit, tenant, request.UserId, cancellationToken);
        if ((request.Email ?? user?.Email) is not { } address)
        {
            return false;
        }

        var settings = await TenantStore.GetSettingsAsync(unit, tenant, cancellationToken);
        var locale = LanguageChoice.ChooseForMail(settings.EnabledLocales, request.EmailLocale);
        var builtIn = mail.Compose(LinkMailTexts.ForEnrollment(locale.Texts), (address, user?.Name), settings, ticketUrl, locale);
        var variables = MailVariables.Of(user, settings, request.EmailLocale);
        variables["link"] = ticketUrl;
        var written = await templates.ApplyAsync(unit, EmailTemplate.Enrollment, builtIn, variables, cancellationToken);
        outbox.Add(unit, tenant, Message.Of(written, new Uri(options.PublicUrl)));
        return true;
    }
}

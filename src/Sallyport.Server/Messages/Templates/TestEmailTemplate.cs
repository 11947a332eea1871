using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages.Templates;

/// <summary>Sends the example of a mail, composed with a template that need not be saved, to an administrator.</summary>
internal sealed class TestEmailTemplate(EmailTemplateEditor editor, Database database, Outbox outbox, AuditLog audit)
{
    public async ValueTask<EmailTemplateResult> RunAsync(
        MailExample example, EmailTemplateText text, string to, CallContext call, CancellationToken cancellationToken)
    {
        var (mail, fault) = await editor.ComposeTestAsync(example, text, to, call.Tenant, cancellationToken);
        if (mail is null)
        {
            return fault;
        }

        await database.WriteAsync(
            unit =>
            {
                outbox.Add(unit, call.Tenant, Message.Of(mail));
                audit.Add(unit, call.Tenant, ApiOperation.Succeeded(call, userId: null));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new EmailTemplateResult(EmailTemplateOutcome.Saved);
    }
}

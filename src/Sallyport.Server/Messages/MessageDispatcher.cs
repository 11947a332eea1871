using System.Text.Json;
using Sallyport.Server.Configuration;
using Sallyport.Server.Messages.Providers;
using Sallyport.Server.Messages.Smtp;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Messages;

/// <summary>Where a message goes: to the provider that the tenant has switched on, or into the folder.</summary>
internal sealed class MessageDispatcher(Database database, SettingReader settingReader, SmtpSender sender, OutboxFolder folder, ILogger<MessageDispatcher> logger)
{
    private const int SubmissionPort = 587;

    public async Task DeliverAsync(string id, Message message, CancellationToken cancellationToken)
    {
        var (provider, secrets) = message.Envelope is null ? (null, SettingValue.NoSecrets) : await FindProviderAsync(cancellationToken);
        if (provider is { Name: EmailProvider.Smtp, Credentials: { SmtpHost: { } host } credentials })
        {
            var user = credentials.SmtpUser is { Length: > 0 } name ? name : null;
            var account = new SmtpAccount(host, credentials.SmtpPort ?? SubmissionPort, user, secrets.GetValueOrDefault("smtp_pass"));
            await sender.SendAsync(account, message.Envelope!, message.Content, cancellationToken);
            return;
        }

        if (provider is not null)
        {
            MessagesLog.ProviderNotBuilt(logger, provider.Name!);
        }

        await folder.WriteAsync(id, message, cancellationToken);
    }

    /// <summary>Says at start where mails go, unless they leave.</summary>
    public async Task WarnAsync(SallyportOptions options, CancellationToken cancellationToken)
    {
        var (provider, _) = await FindProviderAsync(cancellationToken);
        if (provider is null)
        {
            MessagesLog.NothingLeaves(logger, options.OutboxDirectory);
        }
        else if (provider.Name != EmailProvider.Smtp)
        {
            MessagesLog.ProviderNotBuilt(logger, provider.Name!);
        }
    }

    /// <returns>Null where there is none, or none that is switched on.</returns>
    private async Task<(EmailProvider? Provider, IReadOnlyDictionary<string, string> Secrets)> FindProviderAsync(CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            session => settingReader.FindAsync(session, TenantId.Default, ChangeEmailProvider.Kind, cancellationToken), cancellationToken);
        return stored?.Shown.Deserialize(MessageJson.Default.EmailProvider) is { Enabled: true } provider
            ? (provider, stored.Secrets)
            : (null, SettingValue.NoSecrets);
    }
}

using Sallyport.Bench.Http;
using Sallyport.Bench.Providers;

namespace Sallyport.Bench.Outbox;

/// <summary>Adds messages to the outbox while their provider cannot be reached.</summary>
internal sealed class OutboxPreparation(ManagementApi management, Target target, int clients)
{
    private const int MailUsers = 100;

    /// <summary>Enrollment tickets that the server mails to their users.</summary>
    public void AddMails(int count, int mailPort)
    {
        using var connection = new HttpConnection(target.Url);
        management.UseMailServer(connection, mailPort);
        var users = Enumerable.Range(0, MailUsers).Select(i => management.CreateUser(connection, $"bench-mail-{i}")).ToList();
        var added = -1;
        Preparation.Run(count, target, clients, adding => management.MailTicket(adding, users[Interlocked.Increment(ref added) % MailUsers]));
    }

    /// <summary>Codes for sign-ins.</summary>
    public void AddTextMessages(int count)
    {
        using var connection = new HttpConnection(target.Url);
        var signIns = new SmsSignIns(management);
        signIns.SwitchOn(connection);
        Preparation.Run(count, target, clients, adding => signIns.Start(adding));
    }
}

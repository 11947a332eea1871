using Sallyport.Bench.Http;

namespace Sallyport.Bench.Outbox;

/// <summary>Adds mails to the outbox: enrollment tickets that the server mails to their users.</summary>
internal sealed class MailPreparation(ManagementApi management, Target target, int clients)
{
    private const int UserCount = 100;

    public void Prepare(int mails, int mailPort)
    {
        List<string> users;
        using (var connection = new HttpConnection(target.Url))
        {
            management.UseMailServer(connection, mailPort);
            users = [.. Enumerable.Range(0, UserCount).Select(i => management.CreateUser(connection, $"bench-mail-{i}"))];
        }

        var added = 0;
        void Work()
        {
            using var connection = new HttpConnection(target.Url);
            for (var i = Interlocked.Increment(ref added); i <= mails; i = Interlocked.Increment(ref added))
            {
                management.MailTicket(connection, users[i % UserCount]);
            }
        }

        var threads = Enumerable.Range(0, clients).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }
}

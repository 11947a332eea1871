using Microsoft.Extensions.DependencyInjection;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;
using Sallyport.Server.Tests.Hosting;

namespace Sallyport.Server.Tests.Messages;

public sealed class MailSourceCacheTests(Servers servers) : IClassFixture<Servers>
{
    [Theory, Engines]
    public async Task Mails_that_wait_share_what_was_read_after_they_were_created(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var created = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        var first = await ReadAsync(server, created);

        (await ReadAsync(server, created)).ShouldBeSameAs(first);
        (await ReadAsync(server, created.AddMilliseconds(999))).ShouldBeSameAs(first);
    }

    /// <summary>The settings may have changed between the read and the mail.</summary>
    [Theory, Engines]
    public async Task A_mail_that_was_created_since_reads_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var first = await ReadAsync(server, server.Clock.GetUtcNow());

        (await ReadAsync(server, server.Clock.GetUtcNow())).ShouldNotBeSameAs(first);
    }

    [Theory, Engines]
    public async Task What_is_older_than_two_seconds_is_read_again(Engine engine)
    {
        var server = await servers.GetAsync(engine);
        var created = server.Clock.GetUtcNow().AddMinutes(-5);
        var first = await ReadAsync(server, created);

        server.Clock.Advance(TimeSpan.FromSeconds(2));

        (await ReadAsync(server, created)).ShouldNotBeSameAs(first);
    }

    private static ValueTask<MailSource> ReadAsync(TestServer server, DateTimeOffset createdAt)
    {
        var cache = server.Services.GetRequiredService<MailSourceCache>();
        return server.Database.ReadAsync(
            session => cache.ReadAsync(session, TenantId.Default, MailKind.Enrollment, createdAt, CancellationToken.None), CancellationToken.None);
    }
}

using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Security;

public sealed class MasterKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-key").FullName;

    private string KeyFile => Path.Combine(folder, "master.key");

    [Fact]
    public void The_key_file_may_be_read_by_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        MasterKey.FromFile(folder);

        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(folder).ShouldBe([KeyFile]);
    }

    [Fact]
    public void The_key_is_made_once()
    {
        var first = MasterKey.FromFile(folder).Material.ToArray();

        MasterKey.FromFile(folder).Material.ToArray().ShouldBe(first);
        first.ShouldNotBe(new byte[MasterKey.Length]);
    }

    [Fact]
    public async Task Sixteen_who_make_it_at_once_get_the_same()
    {
        using var start = new Barrier(16);
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Convert.ToHexString(MasterKey.FromFile(folder).Material);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        keys.Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(folder).ShouldBe([KeyFile]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_damaged_key_file_is_named_in_one_line(string content)
    {
        File.WriteAllText(KeyFile, content);

        var fault = Should.Throw<SchemaException>(() => MasterKey.FromFile(folder));

        fault.Message.ShouldContain(KeyFile);
        fault.Message.ShouldContain("Sallyport:Keys:Master");
        fault.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_key_does_not_print_itself() => MasterKey.FromFile(folder).ToString().ShouldBe("***");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Security;

/// <summary>Which key is loaded, without a database. <see cref="KeyRingTests"/> tests how a start uses it.</summary>
public sealed class MasterKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sallyport-key").FullName;

    private string KeyFile => Path.Combine(folder, "master.key");

    [Fact]
    public void The_key_file_can_be_read_by_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix file modes.");
            return;
        }

        Load(isInUse: false);

        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(folder).ShouldBe([KeyFile]);
    }

    [Fact]
    public void The_key_is_generated_once()
    {
        var first = Load(isInUse: false);

        Load(isInUse: true).ShouldBe(first);
        Load(isInUse: false).ShouldBe(first);
        first.ShouldNotBe(new byte[MasterKey.Length]);
    }

    [Theory]
    [InlineData("not base64")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_damaged_key_file_is_named_in_one_line_and_kept(string content)
    {
        File.WriteAllText(KeyFile, content);

        foreach (var isInUse in new[] { false, true })
        {
            var fault = Should.Throw<SchemaException>(() => Load(isInUse));

            fault.Message.ShouldContain(KeyFile);
            fault.Message.ShouldContain("Sallyport:Keys:Master");
            fault.Message.ShouldNotContain("\n");
            File.ReadAllText(KeyFile).ShouldBe(content);
        }
    }

    [Fact]
    public void A_configured_key_needs_no_file()
    {
        var material = Enumerable.Repeat((byte)7, MasterKey.Length).ToArray();

        MasterKeySource.FromConfiguration(material).Load(isInUse: true).Material.ToArray().ShouldBe(material);
    }

    [Fact]
    public void A_key_does_not_print_itself() => MasterKeySource.FromFile(folder).Load(isInUse: false).ToString().ShouldBe("***");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private byte[] Load(bool isInUse) => MasterKeySource.FromFile(folder).Load(isInUse).Material.ToArray();
}

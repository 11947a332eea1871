using System.Reflection;
using Sallyport.Protocols.Otp;

namespace Sallyport.Protocols.Tests;

public sealed class ArchitectureTests
{
    [Fact]
    public void The_protocols_reference_nothing_but_the_base_class_library()
    {
        var protocols = typeof(Totp).Assembly;

        protocols.GetName().Name.ShouldBe("Sallyport.Protocols");
        protocols.GetTypes().ShouldNotBeEmpty();
        protocols.GetReferencedAssemblies().ShouldNotBeEmpty();
        ReferencesBeyondBaseClassLibrary(protocols).ShouldBeEmpty();
    }

    [Fact]
    public void The_rule_above_sees_a_reference_that_is_not_allowed()
    {
        var tests = typeof(ArchitectureTests).Assembly;

        ReferencesBeyondBaseClassLibrary(tests).ShouldContain("Sallyport.Protocols");
        ReferencesBeyondBaseClassLibrary(tests).ShouldContain("Shouldly");
    }

    /// <summary>The base class library is the folder of <see cref="object"/>. ASP.NET Core has its own folder.</summary>
    private static IReadOnlyList<string> ReferencesBeyondBaseClassLibrary(Assembly assembly)
    {
        var baseClassLibrary = Path.GetDirectoryName(typeof(object).Assembly.Location).ShouldNotBeNull();

        return
        [
            .. assembly.GetReferencedAssemblies()
                .Select(reference => reference.Name.ShouldNotBeNull())
                .Where(name => !File.Exists(Path.Combine(baseClassLibrary, $"{name}.dll"))),
        ];
    }
}

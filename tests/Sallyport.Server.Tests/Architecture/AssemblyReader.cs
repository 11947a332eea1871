using System.Reflection;
using System.Reflection.Emit;

namespace Sallyport.Server.Tests.Architecture;

/// <summary>Reads from a compiled assembly which type uses which: signatures, bases, attributes and what method bodies name.</summary>
internal static class AssemblyReader
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> OpCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    public static IEnumerable<(Type From, Type To)> Uses(Assembly assembly) =>
        assembly.GetTypes().SelectMany(type => UsedBy(type).SelectMany(Unwrap).Distinct().Select(used => (type, used)));

    /// <returns>The types, methods and fields that the body of a method names.</returns>
    public static IEnumerable<MemberInfo> MembersNamedBy(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
        {
            yield break;
        }

        for (var at = 0; at < il.Length;)
        {
            int value = il[at++];
            if (value == 0xFE)
            {
                value = 0xFE00 | il[at++];
            }

            var code = OpCodes[value];
            if (code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                if (Resolve(method, BitConverter.ToInt32(il, at)) is { } member)
                {
                    yield return member;
                }
            }

            at += code.OperandType == OperandType.InlineSwitch ? 4 + (4 * BitConverter.ToInt32(il, at)) : OperandSize(code);
        }
    }

    private static IEnumerable<Type> UsedBy(Type type)
    {
        List<Type?> used = [type.BaseType, .. type.GetInterfaces()];
        used.AddRange(type.GetCustomAttributesData().Select(attribute => attribute.AttributeType));
        used.AddRange(type.GetFields(Declared).Select(field => field.FieldType));
        used.AddRange(type.GetProperties(Declared).Select(property => property.PropertyType));
        used.AddRange(type.GetProperties(Declared).SelectMany(property => property.GetCustomAttributesData()).Select(a => a.AttributeType));
        foreach (var method in type.GetConstructors(Declared).Cast<MethodBase>().Concat(type.GetMethods(Declared)))
        {
            used.AddRange(method.GetParameters().Select(parameter => parameter.ParameterType));
            used.Add((method as MethodInfo)?.ReturnType);
            used.AddRange(MembersNamedBy(method).SelectMany(Named));
        }

        return used.OfType<Type>();
    }

    private static IEnumerable<Type?> Named(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo method => [method.DeclaringType, method.ReturnType, .. method.IsGenericMethod ? method.GetGenericArguments() : []],
        _ => [member.DeclaringType],
    };

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var ofMethod = method.IsGenericMethodDefinition ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, method.DeclaringType?.GetGenericArguments(), ofMethod);
    }

    private static int OperandSize(OpCode code) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static IEnumerable<Type> Unwrap(Type type)
    {
        if (type.HasElementType)
        {
            return Unwrap(type.GetElementType()!);
        }

        return type.IsConstructedGenericType ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition()) : [type];
    }
}

using System.Reflection;
using System.Reflection.Emit;

namespace FitTrack.Tests.Architecture;

/// <summary>Which types a type's code really uses: signatures, fields, attributes are not enough, so the method bodies are read.</summary>
internal static class IlReferences
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>The types used by <paramref name="type"/> and the types the compiler nested in it (closures, state machines), generic arguments included.</summary>
    /// <param name="without">Methods of this name are left out, lambdas in them included.</param>
    public static IReadOnlySet<Type> Of(Type type, string? without = null)
    {
        var used = new HashSet<Type>();
        Collect(type, used, without is null ? _ => false : method => method.Name.Split('.')[^1] == without || method.Name.StartsWith($"<{without}>", StringComparison.Ordinal));
        used.Remove(type);
        return used;
    }

    /// <summary>The methods called by <paramref name="type"/>, as <c>Namespace.Type.Method</c>.</summary>
    public static IEnumerable<string> CallsOf(Type type) =>
        from part in type.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public).Where(n => n.Name.Contains('<', StringComparison.Ordinal)).Prepend(type)
        from method in part.GetMethods(Everything).Cast<MethodBase>().Concat(part.GetConstructors(Everything))
        let body = method.GetMethodBody()
        where body is not null
        from token in Tokens(body.GetILAsByteArray()!)
        let called = Member(method, token) as MethodBase
        where called is not null
        select $"{called.DeclaringType?.FullName}.{called.Name}";

    private static void Collect(Type type, HashSet<Type> used, Func<MethodBase, bool> isLeftOut)
    {
        Add(type.BaseType, used);
        foreach (var contract in type.GetInterfaces())
            Add(contract, used);
        foreach (var field in type.GetFields(Everything))
            Add(field.FieldType, used);
        foreach (var method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)).Where(m => !isLeftOut(m)))
            Collect(method, used);
        foreach (var nested in type.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public).Where(n => n.Name.Contains('<', StringComparison.Ordinal)))
            Collect(nested, used, isLeftOut);
    }

    private static void Collect(MethodBase method, HashSet<Type> used)
    {
        foreach (var parameter in method.GetParameters())
            Add(parameter.ParameterType, used);
        if (method is MethodInfo info)
            Add(info.ReturnType, used);
        if (method.GetMethodBody() is not { } body)
            return;
        foreach (var local in body.LocalVariables)
            Add(local.LocalType, used);
        foreach (var token in Tokens(body.GetILAsByteArray()!))
            Resolve(method, token, used);
    }

    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var i = 0; i < il.Length;)
        {
            var code = il[i] == 0xfe ? OpCodesByValue[unchecked((short)(0xfe00 | il[i + 1]))] : OpCodesByValue[il[i]];
            i += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(il, i);
                    i += 4;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    i += 1;
                    break;
                case OperandType.InlineVar:
                    i += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    i += 8;
                    break;
                case OperandType.InlineSwitch:
                    i += 4 + (4 * BitConverter.ToInt32(il, i));
                    break;
                default:
                    i += 4;
                    break;
            }
        }
    }

    private static MemberInfo? Member(MethodBase method, int token)
    {
        var inType = method.DeclaringType is { IsGenericType: true } declaring ? declaring.GetGenericArguments() : null;
        var inMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, inType, inMethod);
    }

    private static void Resolve(MethodBase method, int token, HashSet<Type> used)
    {
        switch (Member(method, token))
        {
            case Type type:
                Add(type, used);
                break;
            case FieldInfo field:
                Add(field.DeclaringType, used);
                Add(field.FieldType, used);
                break;
            case MethodBase called:
                Add(called.DeclaringType, used);
                if (called.IsGenericMethod)
                    AddAll(called.GetGenericArguments(), used);
                break;
        }
    }

    private static void AddAll(IEnumerable<Type> types, HashSet<Type> used)
    {
        foreach (var type in types)
            Add(type, used);
    }

    private static void Add(Type? type, HashSet<Type> used)
    {
        if (type is null || type.IsGenericParameter)
            return;
        if (type.HasElementType)
        {
            Add(type.GetElementType(), used);
            return;
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (used.Add(definition) && type.DeclaringType is { } outer)
            Add(outer, used);
        if (type.IsGenericType)
            AddAll(type.GetGenericArguments(), used);
    }
}

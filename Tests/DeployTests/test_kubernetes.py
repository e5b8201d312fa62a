"""The manifests: rendered, validated with the schemas of Kubernetes, and their pods run by podman."""

import glob
import json
import os
import re
import unittest

try:
    import yaml
except ImportError as missing:
    raise unittest.SkipTest("PyYAML is not installed (scripts/setup deploy)") from missing

from common import DEPLOY, LAKE, SERVICE, ContainerCase, call, lines_of, needs, plain, wait_until

FOLDER = f"{DEPLOY}/kubernetes"
OVERLAYS = ("development", "staging", "production")
# The kinds for which kubernetes-validate has no schema.
CUSTOM = {"ServiceMonitor"}


def rendered(overlay):
    """The objects of an overlay."""
    return list(yaml.safe_load_all(call("kubectl", "kustomize", f"{FOLDER}/overlays/{overlay}").stdout))


def pods(objects):
    """The pod specification of each object that has one, by kind and name."""
    found = {}
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            found[one["kind"], one["metadata"]["name"]] = spec["template"]["spec"]
    return found


@needs("kubectl", "kubernetes-validate")
class Rendered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.objects = {overlay: rendered(overlay) for overlay in OVERLAYS}

    def kinds(self, overlay):
        return sorted((one["kind"], one["metadata"]["name"]) for one in self.objects[overlay])

    def test_schemas(self):
        counts = {}
        for overlay in OVERLAYS:
            text = call("kubectl", "kustomize", f"{FOLDER}/overlays/{overlay}").stdout
            done = call("kubernetes-validate", "--strict", "-", input=text, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            said = done.stdout + done.stderr
            unknown = re.findall(r"Couldn't find schema for kind (\w+)", said)
            self.assertLessEqual(set(unknown), CUSTOM)
            counts[overlay] = (len(re.findall(r"^(?:INFO|PASS)", said, re.M)), len(unknown))
        # Each object was validated, except those without a schema.
        self.assertEqual(counts, {"development": (14, 0), "staging": (19, 2), "production": (19, 2)})
        self.assertEqual([sum(counts[overlay]) for overlay in OVERLAYS], [len(self.objects[overlay]) for overlay in OVERLAYS])

    def test_a_wrong_manifest_is_found(self):
        text = call("kubectl", "kustomize", f"{FOLDER}/overlays/production").stdout.replace("readOnlyRootFilesystem", "readOnlyRoot")
        self.assertNotEqual(call("kubernetes-validate", "--strict", "-", input=text, check=False).returncode, 0)

    def test_kinds(self):
        base = {"Namespace", "ConfigMap", "Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy",
                "StatefulSet", "ServiceAccount"}  # fmt: skip
        wanted = {"development": base | {"Job", "PersistentVolumeClaim"}}
        wanted["staging"] = wanted["production"] = wanted["development"] | {"Ingress", "CronJob", "ServiceMonitor"}
        for overlay in OVERLAYS:
            self.assertEqual({kind for kind, _ in self.kinds(overlay)}, wanted[overlay], overlay)
            names = self.kinds(overlay)
            self.assertEqual(len(names), len(set(names)))

    def test_every_pod_is_confined(self):
        """The restricted profile of Pod Security, and beyond it a read-only root file system and limits."""
        for overlay in OVERLAYS:
            for name, pod in pods(self.objects[overlay]).items():
                with self.subTest(overlay=overlay, pod=name):
                    self.assertFalse(pod["automountServiceAccountToken"])
                    security = pod["securityContext"]
                    self.assertEqual((security["runAsNonRoot"], security["runAsUser"]), (True, 10001))
                    self.assertEqual(security["seccompProfile"], {"type": "RuntimeDefault"})
                    allowed = {"persistentVolumeClaim", "emptyDir"}
                    self.assertTrue(all(set(volume) - {"name"} <= allowed for volume in pod.get("volumes", ())))
                    for container in pod["containers"]:
                        self.assertEqual(
                            container["securityContext"],
                            {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
                        )
                        self.assertIn("memory", container["resources"]["limits"])
                        self.assertTrue({"cpu", "memory"} <= set(container["resources"]["requests"]))
                        mounted = {mount["name"] for mount in container.get("volumeMounts", ())}
                        claimed = {"records"} if name[0] == "StatefulSet" else set()
                        self.assertLessEqual(mounted, {volume["name"] for volume in pod["volumes"]} | claimed)

    def test_selectors_find_their_pods(self):
        for overlay in OVERLAYS:
            labels = [one["spec"]["template"]["metadata"]["labels"] for one in self.objects[overlay] if one["kind"] in ("Deployment", "StatefulSet")]
            services = {}
            for one in self.objects[overlay]:
                spec, kind = one.get("spec", {}), one["kind"]
                selector = spec.get("selector") if kind == "Service" else (spec.get("selector") or spec.get("podSelector") or {}).get("matchLabels")
                if kind in ("Service", "PodDisruptionBudget", "Deployment", "StatefulSet") or (kind == "NetworkPolicy" and selector):
                    self.assertTrue(any(selector.items() <= each.items() for each in labels), (overlay, kind, one["metadata"]["name"]))
                if kind == "Service":
                    services[one["metadata"]["name"]] = ({port["name"] for port in spec["ports"]}, one["metadata"]["labels"])
            for one in self.objects[overlay]:
                spec = one.get("spec", {})
                if one["kind"] == "ServiceMonitor":
                    found = [ports for ports, own in services.values() if spec["selector"]["matchLabels"].items() <= own.items()]
                    self.assertEqual(len(found), 1)
                    self.assertTrue(all(endpoint["port"] in found[0] for endpoint in spec["endpoints"]))
                if one["kind"] == "Ingress":
                    for path in spec["rules"][0]["http"]["paths"]:
                        self.assertIn(path["backend"]["service"]["port"]["name"], services[path["backend"]["service"]["name"]][0])
                if one["kind"] == "HorizontalPodAutoscaler":
                    target = spec["scaleTargetRef"]
                    self.assertIn((target["kind"], target["name"]), self.kinds(overlay))

    def test_a_range_that_fails_does_not_fail_the_others(self):
        for overlay in ("staging", "production"):
            (job,) = [one["spec"] for one in self.objects[overlay] if one["metadata"]["name"] == "soroban-backfill" and one["kind"] == "Job"]
            self.assertEqual(job["completionMode"], "Indexed")
            rules = {tuple(rule["onExitCodes"]["values"]): rule["action"] for rule in job["podFailurePolicy"]["rules"] if "onExitCodes" in rule}
            self.assertEqual(rules, {(2,): "FailJob", (3,): "FailIndex"})
            # The number of indexes is the number of ranges.
            variables = {one["name"]: one["value"] for one in job["template"]["spec"]["containers"][0]["env"]}
            planned = call(f"{DEPLOY}/backfill", "plan", variables["BACKFILL_LEDGERS"], "--size", variables["BACKFILL_SIZE"]).stdout
            self.assertEqual(job["completions"], len(lines_of(planned)))

    def test_the_dashboard_and_the_alerts_are_those_of_the_project(self):
        for overlay in ("staging", "production"):
            maps = {one["metadata"]["name"]: one for one in self.objects[overlay] if one["kind"] == "ConfigMap"}
            for name, file in (("soroban-dashboard", "dashboard.json"), ("soroban-alerts", "rules.yml")):
                with open(f"{DEPLOY}/monitoring/{file}") as text:
                    self.assertEqual(maps[name]["data"][file].strip(), text.read().strip())
            self.assertEqual(maps["soroban-dashboard"]["metadata"]["labels"]["grafana_dashboard"], "1")

    def test_every_file_is_used(self):
        """A manifest that no kustomization names is never applied."""
        for file in glob.glob(f"{FOLDER}/**/*.yaml", recursive=True):
            folder, name = os.path.split(file)
            if name == "kustomization.yaml":
                continue
            with open(f"{folder}/kustomization.yaml") as text:
                self.assertIn(f"- {name}\n", text.read(), file)


@needs("kubectl")
class Pods(ContainerCase):
    """Each pod template, run by `podman kube play`: volumes are directories here, and the images are those that were built."""

    def play(self, overlay, kind, name, volumes, change=lambda pod: None):
        objects = rendered(overlay)
        pod = pods(objects)[kind, name]
        settings = [one for one in objects if one["kind"] == "ConfigMap" and one["metadata"]["name"] == "soroban-settings"]
        settings[0]["data"] |= {"NETWORK_PASSPHRASE": "local", "MAX_AGE": "", "NAME": "test"}
        for volume in [*pod["volumes"], {"name": "records"}] if kind == "StatefulSet" else pod["volumes"]:
            if "emptyDir" in volume:
                # podman gives the directory to root, and does not support fsGroup.
                path = self.directory(f"{name}-{volume['name']}-{self.count}")
            else:
                path = volumes[volume["name"]]
            kept = {"name": volume["name"], "hostPath": {"path": path, "type": "Directory"}}
            pod["volumes"] = [one for one in pod["volumes"] if one["name"] != volume["name"]] + [kept]
        pod["containers"] = [container for container in pod["containers"] if container["name"] != "metrics"]
        for container in pod["containers"]:
            container["image"] = SERVICE
            container["imagePullPolicy"] = "Never"
            # podman needs systemd to repeat them.
            for probe in ("startupProbe", "livenessProbe", "readinessProbe", "lifecycle"):
                container.pop(probe, None)
        # Here the test itself restarts a container.
        pod["restartPolicy"] = "Never"
        change(pod)
        given = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"test-{name}"}, "spec": pod}
        self.count += 1
        path = f"{self.folder}/pod-{self.count}.yaml"
        with open(path, "w") as file:
            file.write("---\n".join(json.dumps(one) + "\n" for one in (*settings, given)))
        self.podman("pod", "rm", "-f", "-t", "1", f"test-{name}", check=False)
        self.addCleanup(lambda: self.podman("pod", "rm", "-f", "-t", "1", f"test-{name}", check=False))
        self.podman("kube", "play", path)
        return f"test-{name}-{pod['containers'][0]['name']}"

    def ended(self, name):
        wait_until(lambda: self.status(name)["Status"] == "exited", f"the end of {name}: {self.log(name)}")
        return self.status(name)["ExitCode"]

    def test_service(self):
        name = self.play("production", "Deployment", "soroban-serve", {"lake": LAKE})
        wait_until(lambda: not self.podman("exec", name, "soroban-container", "health", check=False).returncode, f"health: {self.log(name)}")
        ask = "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /invocations?end_ledger=1051 HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
        body = self.podman("exec", name, "bash", "-c", ask).stdout.partition("\n\n")[2]
        self.assertEqual(body, plain("ledger-split --network local --soroban --ledgers -1051 testdata/lake | invocation-extract | scval-json --style native"))

    def test_follower_goes_on_after_a_kill(self):
        lake, records = self.directory("lake"), self.directory("records")

        def faster(pod):
            words = pod["containers"][0]["args"]
            words[words.index("--rate") + 1] = "40"

        self.play("development", "Job", "soroban-replay", {"lake": lake}, faster)
        path, size = f"{records}/test.ndjson", 0
        for number in ("KILL", "TERM"):
            name = self.play("development", "StatefulSet", "soroban-follower", {"lake": lake, "records": records})
            wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > size + 50_000, f"records: {self.log(name)}")
            self.assertEqual(self.podman("exec", name, "soroban-container", "health", "follow").returncode, 0)
            self.podman("kill", "-s", number, name)
            self.ended(name)
            size = os.path.getsize(path)
        with open(path) as file:
            text = file.read()
        self.assertTrue(text.endswith("\n"))
        last = json.loads(lines_of(text)[-1])["meta"]["ledger_sequence"]
        whole = plain(f"ledger-split --network local --ledgers -{last} {lake} | invocation-extract | scval-json --style native")
        self.assertTrue(whole.startswith(text))

    def test_ranges(self):
        out = self.directory("out")

        def small(pod):
            for variable in pod["containers"][0]["env"]:
                variable["value"] = {"FIRST_LEDGER": "1024", "RANGE_SIZE": "10"}.get(variable["name"], variable["value"])

        name = self.play("production", "CronJob", "soroban-range", {"lake": LAKE, "out": out}, small)
        self.assertEqual(self.ended(name), 0, self.log(name))
        self.assertEqual(sorted(os.listdir(out)), [".lock", "1024-1033.ndjson.zst", "1034-1043.ndjson.zst"])
        made = plain(f"zstd -dcq {out}/*.zst")
        self.assertEqual(made, plain("ledger-split --network local --ledgers 1024-1043 testdata/lake | invocation-extract | scval-json --style native"))

    def test_backfill(self):
        out = self.directory("out")
        # Ranges begin at multiples of their size: there are three. One of them runs twice.
        for index in (1, 0, 2, 1):

            def one(pod, index=index):
                container = pod["containers"][0]
                values = {"BACKFILL_LEDGERS": "1024-1051", "BACKFILL_SIZE": "14"}
                container["env"] = [{**variable, "value": values[variable["name"]]} for variable in container["env"]]
                # The variable that the controller of Jobs sets.
                container["env"].append({"name": "JOB_COMPLETION_INDEX", "value": str(index)})
                container["args"] = [re.sub(r"\$\((\w+)\)", lambda found: {**values, "JOB_COMPLETION_INDEX": str(index)}[found[1]], word)
                                     for word in container["args"]]  # fmt: skip

            name = self.play("production", "Job", "soroban-backfill", {"lake": LAKE, "out": out}, one)
            self.assertEqual(self.ended(name), 0, self.log(name))
        # Bad input data has the status for which FailIndex is configured.
        cut = self.directory("cut")
        call("cp", "-RT", LAKE, cut)
        (newest,) = glob.glob(f"{cut}/*/*--1050-1051.xdr.zst")
        os.truncate(newest, os.path.getsize(newest) // 2)
        name = self.play("production", "Job", "soroban-backfill", {"lake": cut, "out": self.directory("bad")}, one)
        self.assertEqual(self.ended(name), 0, self.log(name))
        name = self.play("production", "Job", "soroban-backfill", {"lake": cut, "out": f"{self.folder}/bad"}, lambda pod: one(pod, 2))
        self.assertEqual(self.ended(name), 3, self.log(name))
        made = "".join(plain(f"zstd -dcq {file}") for file in sorted(glob.glob(f"{out}/**/*.zst", recursive=True)))
        self.assertEqual(made, plain("ledger-split --network local testdata/lake | invocation-extract | scval-json --style native"))


if __name__ == "__main__":
    unittest.main()
